"""Random interleavings of everything that can happen to a job, against a model of lease and fence.

Real rows, real run_job, real threads: a run enters its body and waits there until the machine lets it
finish, fail, or die. Time stands still and moves only when the machine says so.
"""

import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from queue import Queue
from threading import Event, current_thread
from uuid import UUID, uuid4

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from jobs.durable import Postpone
from jobs.kinds import kind_named
from jobs.models import Heartbeat, Job
from jobs.services import running
from jobs.services.dead import retry_dead_job
from jobs.services.dispatch import claim_due
from jobs.services.enqueue import enqueue_job
from jobs.services.running import run_job
from tests.clock import DatabaseClock
from tests.jobs import bodies
from tests.jobs.bodies import ATTEMPTS, LEASE, QUICK, SEND
from tests.jobs.threads import in_thread

KINDS = st.sampled_from([QUICK, SEND])
AGES = st.integers(1, 3)  # 1: the job enqueued last
EXAMPLES = 1000 if os.environ.get("FAULTS") == "long" else 30
PATIENCE = 60  # seconds of real time for a thread to get to its next stop


@dataclass
class Expected:
    """What the row of one job must say."""

    subject: UUID
    kind: str
    due_at: datetime
    publish_at: datetime
    attempts: int = 0
    lease_until: datetime | None = None
    holder: "Run | None" = None
    done: bool = False
    dead: bool = False
    traces: int = 0

    @property
    def is_open(self) -> bool:
        return not self.done and not self.dead

    def free(self, *, attempts: int, due_at: datetime) -> None:
        self.attempts, self.due_at, self.publish_at = attempts, due_at, due_at
        self.lease_until = self.holder = None


@dataclass(eq=False)
class Run:
    """One run of one job, in a thread that stops in the body."""

    job: UUID
    kind: str
    entered: Event = field(default_factory=Event)
    orders: "Queue[BaseException | None]" = field(default_factory=Queue)

    def start(self) -> bool:
        """Start the thread; return whether it got into the body."""
        self.future = in_thread(self._work)
        self.future.add_done_callback(lambda _: self.entered.set())
        assert self.entered.wait(PATIENCE)
        return not self.future.done()

    def end(self, order: BaseException | None) -> None:
        self.orders.put(order)
        self.future.exception(timeout=PATIENCE)

    def _work(self) -> None:
        current_thread().run_of_a_job = self  # type: ignore[attr-defined]
        run_job(job=self.job, kind=kind_named(self.kind))


def stop_in_the_body() -> None:
    run = current_thread().run_of_a_job  # type: ignore[attr-defined]
    run.entered.set()
    if order := run.orders.get(timeout=PATIENCE):
        raise order


class Jobs(RuleBasedStateMachine):
    """The machine. `expected` is the model; every rule does the same to the rows and to the model."""

    def __init__(self) -> None:
        super().__init__()
        Job.objects.all().delete()
        Heartbeat.objects.all().delete()
        self.clock = DatabaseClock()
        self.clock.stop()
        self.expected: dict[UUID, Expected] = {}
        self.ids: list[UUID] = []
        self.runs: list[Run] = []

    def teardown(self) -> None:
        for run in self.runs:
            run.end(SystemExit())

    @initialize(kind=KINDS)
    def enqueue_first(self, kind: str) -> None:
        self.enqueue(kind, due_in=0)

    @rule(kind=KINDS, due_in=st.sampled_from([0, 5]))
    def enqueue(self, kind: str, due_in: int) -> None:
        due_at, subject, key = self.clock.now() + timedelta(seconds=due_in), uuid4(), len(self.ids)
        enqueue_job(kind=kind, subject=subject, due_at=due_at, dedupe_key=str(key))
        self.ids.append(Job.objects.get(dedupe_key=str(key)).pk)
        self.expected[self.ids[key]] = Expected(subject, kind, due_at, due_at)

    @rule(age=AGES)
    def enqueue_again(self, age: int) -> None:
        key = max(0, len(self.ids) - age)
        enqueue_job(kind=QUICK, subject=None, due_at=self.clock.now(), dedupe_key=str(key))

    @rule()
    def publish(self) -> None:
        now = self.clock.now()
        due = {id_ for id_, job in self.expected.items() if job.is_open and job.publish_at <= now}
        nudges = claim_due(room={"routine": 100, "outbound": 100})
        published = [job for nudge in nudges for job in nudge.jobs]
        assert set(published) == due
        assert len(published) == len(due)
        for id_ in due:
            self.expected[id_].publish_at = now + timedelta(seconds=LEASE)

    @precondition(lambda self: len(self.runs) < 6)
    @rule(age=AGES)
    def deliver(self, age: int) -> None:
        """Deliver a message: for the first time, twice, early, or long after the end of its job."""
        self._deliver(self.ids[max(0, len(self.ids) - age)])

    @precondition(lambda self: 0 < len(self.runs) < 6)
    @rule(data=st.data())
    def overtake(self, data: st.DataObject) -> None:
        """A run sleeps through its lease, and the message of its job is delivered again."""
        run = data.draw(st.sampled_from(self.runs))
        self.clock.advance(seconds=LEASE + 1)
        self._deliver(run.job)

    def _deliver(self, id_: UUID) -> None:
        job, now = self.expected[id_], self.clock.now()
        claimable = job.is_open and job.due_at <= now and (job.lease_until is None or job.lease_until < now)
        run = Run(id_, job.kind)
        entered = run.start()
        assert entered == (claimable and job.attempts < ATTEMPTS)
        if entered:
            self._note_claim(job, run, now)
        elif claimable:
            self._note_death(job)

    @precondition(lambda self: self.runs)
    @rule(data=st.data())
    def finish(self, data: st.DataObject) -> None:
        run, job, is_holder = self._end_some_run(data, None)
        if is_holder:
            job.free(attempts=job.attempts, due_at=job.due_at)
            job.done = True
        if is_holder or run.kind == SEND:
            job.traces += 1

    @precondition(lambda self: self.runs)
    @rule(data=st.data(), error=st.sampled_from([ValueError("never kept"), SoftTimeLimitExceeded()]))
    def fail(self, data: st.DataObject, error: Exception) -> None:
        run, job, is_holder = self._end_some_run(data, error)
        job.traces += run.kind == SEND
        if is_holder and job.attempts >= ATTEMPTS:
            self._note_death(job)
        elif is_holder:
            longest = 2**job.attempts
            self._note_retry(run.job, attempts=job.attempts, seconds=(longest / 2, longest))

    @precondition(lambda self: self.runs)
    @rule(data=st.data())
    def lose_infrastructure(self, data: st.DataObject) -> None:
        run, job, is_holder = self._end_some_run(data, OperationalError())
        job.traces += run.kind == SEND
        if is_holder:
            self._note_retry(run.job, attempts=job.attempts - 1, seconds=(2, 5))

    @precondition(lambda self: self.runs)
    @rule(data=st.data(), seconds=st.integers(1, 100))
    def postpone(self, data: st.DataObject, seconds: int) -> None:
        until = self.clock.now() + timedelta(seconds=seconds)
        run, job, is_holder = self._end_some_run(data, Postpone(until))
        job.traces += run.kind == SEND
        if is_holder:
            job.free(attempts=job.attempts - 1, due_at=until)

    @precondition(lambda self: self.runs)
    @rule(data=st.data())
    def kill(self, data: st.DataObject) -> None:
        """The process dies in the body: its transaction rolls back, its lease stays."""
        run, job, _ = self._end_some_run(data, SystemExit())
        job.traces += run.kind == SEND

    @rule(seconds=st.sampled_from([LEASE + 1, LEASE, 5, 1]))
    def tick(self, seconds: int) -> None:
        self.clock.advance(seconds=seconds)

    @precondition(lambda self: any(job.dead for job in self.expected.values()))
    @rule(data=st.data())
    def retry_a_dead_job(self, data: st.DataObject) -> None:
        id_ = data.draw(st.sampled_from(sorted(id_ for id_, job in self.expected.items() if job.dead)))
        retry_dead_job(job=id_, at=self.clock.now())
        self.expected[id_].dead = False
        self.expected[id_].free(attempts=0, due_at=self.clock.now())

    @invariant()
    def rows_are_as_expected(self) -> None:
        assert Job.objects.count() == len(self.expected)
        for row in Job.objects.all():
            job = self.expected[row.pk]
            assert (row.attempts, row.due_at, row.lease_until) == (job.attempts, job.due_at, job.lease_until)
            assert (row.done_at is not None, row.dead_at is not None) == (job.done, job.dead)
            assert bodies.traces(job.subject) == job.traces + self._uncommitted_sends(row.pk)
            if job.kind == QUICK:
                assert job.traces == job.done, (
                    "what a job writes in its transaction is there once or not at all"
                )

    def _uncommitted_sends(self, id_: UUID) -> int:
        """A body that sends has committed its trace before it ends."""
        return sum(run.job == id_ and run.kind == SEND for run in self.runs)

    def _end_some_run(self, data: st.DataObject, order: BaseException | None) -> tuple[Run, Expected, bool]:
        run = data.draw(st.sampled_from(self.runs))
        self.runs.remove(run)
        job = self.expected[run.job]
        run.end(order)
        return run, job, job.holder is run

    def _note_claim(self, job: Expected, run: Run, now: datetime) -> None:
        self.runs.append(run)
        job.attempts += 1
        job.holder, job.lease_until = run, now + timedelta(seconds=LEASE)
        job.publish_at = job.lease_until

    def _note_death(self, job: Expected) -> None:
        job.free(attempts=ATTEMPTS, due_at=job.due_at)
        job.dead = True

    def _note_retry(self, id_: UUID, *, attempts: int, seconds: tuple[float, float]) -> None:
        due_at = Job.objects.get(pk=id_).due_at
        shortest, longest = (timedelta(seconds=value) for value in seconds)
        assert shortest <= due_at - self.clock.now() <= longest
        self.expected[id_].free(attempts=attempts, due_at=due_at)


@pytest.fixture(autouse=True)
def _stopping_bodies(database_clock: DatabaseClock, monkeypatch: pytest.MonkeyPatch) -> None:
    bodies.during.append(stop_in_the_body)
    monkeypatch.setattr(running._jitter, "uniform", max)  # hypothesis repeats what it tried


@pytest.mark.django_db(transaction=True)
def test_any_interleaving_leaves_the_rows_as_the_model_has_them() -> None:
    profile = settings(
        max_examples=EXAMPLES, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Jobs, settings=profile)
