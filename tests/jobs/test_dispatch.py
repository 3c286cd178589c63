"""From the table to the broker. `broker` is the test run's own Valkey, empty at first."""

import json
from base64 import b64decode
from datetime import timedelta

import pytest
from celery import current_app

from jobs.enums import JobQueue
from jobs.kinds import kind_named
from jobs.models import Job
from jobs.selectors import latest_beat
from jobs.services import dispatch, running
from jobs.services.dispatch import Dispatcher
from jobs.services.leases import claim, give_back
from jobs.services.periodic import beat
from jobs.services.publishing import Publisher
from jobs.services.running import run_jobs
from jobs.services.standby import StandbyWorkers
from jobs.tasks import nudge
from tests.jobs import bodies
from tests.jobs.bodies import LEASE, QUICK, SEND, URGENT
from tests.jobs.work import enqueue, run
from tests.servers import NOWHERE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(database_clock, broker):
    database_clock.stop()
    return database_clock


@pytest.fixture(autouse=True)
def only_our_jobs(monkeypatch):
    monkeypatch.setattr(dispatch, "enqueue_periodic_jobs", lambda *, at: None)


@pytest.fixture
def dispatcher():
    dispatcher = Dispatcher(Publisher(), StandbyWorkers())
    yield dispatcher
    dispatcher.close()


@pytest.fixture
def received(broker):
    """Call it for the messages in a broker queue: task names and positional arguments."""

    def messages(queue):
        for raw in broker.lrange(f"threshold:{queue}", 0, -1):
            message = json.loads(raw)
            yield message["headers"]["task"], json.loads(b64decode(message["body"]))[0]

    return lambda queue: list(messages(queue))


def test_a_due_job_goes_to_its_queue_as_nothing_but_its_id(dispatcher, received):
    job = enqueue(QUICK)
    assert dispatcher.tick() == 1
    assert received("routine") == [(QUICK, [str(job.pk)])]


def test_a_job_is_published_once_until_its_lease_has_run_out(dispatcher, clock):
    enqueue(QUICK)
    assert dispatcher.tick() == 1
    clock.advance(seconds=LEASE - 1)
    assert dispatcher.tick() == 0
    clock.advance(seconds=1)
    assert dispatcher.tick() == 1, "whatever the broker lost is published again"


def test_nothing_is_published_early_done_or_dead(dispatcher, clock):
    run(enqueue())
    Job.objects.filter(pk=enqueue().pk).update(dead_at=clock.now())
    enqueue(due_in=5)
    assert dispatcher.tick() == 0
    clock.advance(seconds=5)
    assert dispatcher.tick() == 1


def test_a_job_that_runs_is_not_published_again_before_its_lease_has_run_out(dispatcher, clock):
    job = enqueue()
    dispatcher.tick()
    clock.advance(seconds=LEASE - 1)
    claim(job=job.pk, kind=QUICK, seconds=LEASE)
    clock.advance(seconds=LEASE - 1)
    assert dispatcher.tick() == 0
    clock.advance(seconds=1)
    assert dispatcher.tick() == 1


def test_a_published_job_is_still_due_since_it_was(dispatcher, clock):
    job = enqueue()
    dispatcher.tick()
    job.refresh_from_db()
    assert job.due_at == clock.now()


def test_unknown_kinds_wait_and_let_the_others_pass(dispatcher):
    enqueue(QUICK)
    Job.objects.update(kind="tests.jobs.bodies.from_the_future")
    enqueue(QUICK)
    assert dispatcher.tick() == 1
    assert dispatcher.tick() == 0


def test_no_broker_queue_is_overfilled(dispatcher, monkeypatch, received):
    monkeypatch.setattr(dispatch, "LONGEST_QUEUE", 6)
    monkeypatch.setattr(dispatch, "BATCH", 2)
    for _ in range(9):
        enqueue(QUICK)
    while dispatcher.tick():
        pass
    assert len(received("routine")) == 6


def test_a_backlog_delays_no_urgent_job(dispatcher, monkeypatch):
    monkeypatch.setattr(dispatch, "BATCH", 3)
    for _ in range(10):
        enqueue(QUICK, due_in=-60)
    enqueue(URGENT)
    nudges = dispatch.claim_due(room={"urgent": 3, "routine": 3})
    assert [nudge.queue for nudge in nudges] == ["urgent", "routine", "routine", "routine"]


def test_every_queue_is_served(dispatcher, received):
    for kind in (QUICK, SEND, URGENT):
        enqueue(kind)
    assert dispatcher.tick() == 3
    assert [len(received(queue)) for queue in ("urgent", "outbound", "routine")] == [1, 1, 1]


def test_a_flushed_broker_costs_a_lease(dispatcher, clock, broker, received):
    jobs = [enqueue(QUICK) for _ in range(20)]
    dispatcher.tick()
    broker.flushall()
    clock.advance(seconds=LEASE)
    assert dispatcher.tick() == 20
    assert {job for _, ids in received("routine") for job in ids} == {str(job.pk) for job in jobs}


def test_a_backlog_of_quick_jobs_travels_in_few_messages_for_all_children(dispatcher, received):
    for _ in range(24):
        enqueue(QUICK)
    assert dispatcher.tick() == 24
    assert [len(ids) for _, ids in received("routine")] == [6, 6, 6, 6]


def test_so_do_messages_but_alerts_and_what_was_tried_before_travel_alone(dispatcher, received, clock):
    for _ in range(8):
        enqueue(SEND)
        enqueue(SEND, queue=JobQueue.ALERTS)
        claim(job=enqueue(QUICK).pk, kind=QUICK, seconds=LEASE)
    clock.advance(seconds=LEASE)
    assert dispatcher.tick() == 24
    sizes = {queue: {len(ids) for _, ids in received(queue)} for queue in ("outbound", "alerts", "routine")}
    assert sizes == {"outbound": {2}, "alerts": {1}, "routine": {1}}


def test_what_a_slow_one_left_undone_is_published_again_at_once(dispatcher, monkeypatch):
    """Each waits a second at the most for those before it in the same message."""
    monkeypatch.setattr(running, "LONGEST_TOGETHER", 0)
    jobs = [enqueue(SEND) for _ in range(3)]
    assert dispatcher.tick() == 3
    run_jobs(jobs=[job.pk for job in jobs], kind=kind_named(SEND))
    assert [subject for subject, _ in bodies.sent] == [jobs[0].subject]
    assert dispatcher.tick() == 2


def test_what_was_put_off_meanwhile_is_not_published_early(dispatcher, clock):
    """Another worker was quicker with it, and it has to wait: its own time stands."""
    job = enqueue(SEND)
    later = clock.now() + timedelta(seconds=10)
    Job.objects.update(due_at=later, publish_at=later)
    give_back(jobs=[job.pk], at=clock.now())
    assert dispatcher.tick() == 0
    clock.move_to(later)
    assert dispatcher.tick() == 1


def test_jobs_that_could_not_be_published_are_published_when_the_broker_is_back(dispatcher, clock):
    enqueue(QUICK)
    good, dispatcher.publisher = dispatcher.publisher, LostPublisher()
    assert (dispatcher.tick(), dispatcher.broker) == (0, "lost")
    assert dispatcher.tick() == 0
    dispatcher.publisher = good
    assert (dispatcher.tick(), dispatcher.broker) == (0, "up")
    assert dispatcher.tick() == 1


class LostPublisher:
    """What a Publisher is when there is no broker; test_publishing tries the real one on a stopped broker."""

    def exchange(self, nudges):
        raise dispatch.BrokerUnavailable


def test_the_dispatcher_leaves_a_sign_of_life(dispatcher, clock):
    dispatcher.tick()
    assert latest_beat("dispatch") == clock.now()


@pytest.mark.parametrize(("ago", "published"), [(None, 0), (29, 0), (31, 1)])
def test_beats_tick_publishes_for_a_dispatcher_that_has_stopped(received, clock, ago, published):
    """Not for one that never was: whoever has no dispatcher at all sees it in /readyz."""
    if ago is not None:
        beat(name="dispatch", at=clock.now() - timedelta(seconds=ago))
    job = enqueue(QUICK)
    nudge()
    assert received("routine").count((QUICK, [str(job.pk)])) == published
    assert latest_beat("dispatch") == (ago and clock.now() - timedelta(seconds=ago)), "it stays silent"


def test_a_tick_without_a_broker_gives_back_what_it_took(clock, monkeypatch):
    monkeypatch.setattr(current_app.conf, "broker_write_url", NOWHERE)
    beat(name="dispatch", at=clock.now() - timedelta(minutes=1))
    job = enqueue(QUICK)
    nudge()
    job.refresh_from_db()
    assert job.publish_at == job.due_at
