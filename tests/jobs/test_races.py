"""Several processes at once: threads with connections of their own stand in for them."""

from threading import Event

import pytest

from jobs.enums import JobQueue
from jobs.kinds import kind_named
from jobs.models import Job
from jobs.services.dispatch import claim_due
from jobs.services.running import run_job
from tests.jobs import bodies
from tests.jobs.bodies import LEASE, QUICK, SEND, URGENT
from tests.jobs.threads import at_once, in_thread
from tests.jobs.work import enqueue, run
from tests.processes import PATIENCE

pytestmark = pytest.mark.django_db(transaction=True)


def run_in_thread(job):
    return in_thread(lambda: run_job(job=job.pk, kind=kind_named(job.kind)))


class Sleeper:
    """Makes the first body that runs sleep until it is woken."""

    def __init__(self):
        self.asleep, self.woken = Event(), Event()
        bodies.during.append(self)

    def __call__(self):
        bodies.during.clear()
        self.asleep.set()
        assert self.woken.wait(PATIENCE)


@pytest.mark.parametrize("takeover_ends", ["before the zombie wakes", "after"])
def test_a_zombie_leaves_no_trace(database_clock, takeover_ends):
    job, sleeper = enqueue(), Sleeper()
    zombie = run_in_thread(job)
    assert sleeper.asleep.wait(PATIENCE)
    database_clock.advance(seconds=LEASE + 1)
    if takeover_ends == "after":
        second = Sleeper()
        successor = run_in_thread(job)
        assert second.asleep.wait(PATIENCE)
        sleeper.woken.set()
        zombie.result(PATIENCE)
        second.woken.set()
        successor.result(PATIENCE)
    else:
        run(job)
        sleeper.woken.set()
        zombie.result(PATIENCE)
    job.refresh_from_db()
    assert (job.attempts, bodies.traces()) == (2, 1)
    assert job.done_at


def test_a_zombie_that_nobody_replaced_may_finish(database_clock):
    job, sleeper = enqueue(), Sleeper()
    zombie = run_in_thread(job)
    assert sleeper.asleep.wait(PATIENCE)
    database_clock.advance(seconds=LEASE + 1)
    sleeper.woken.set()
    zombie.result(PATIENCE)
    job.refresh_from_db()
    assert (job.attempts, bodies.traces()) == (1, 1)


@pytest.mark.parametrize("kind", [QUICK, SEND])
def test_eight_workers_with_the_same_message_run_it_once(kind):
    job = enqueue(kind)
    at_once(8, lambda: run_job(job=job.pk, kind=kind_named(kind)))
    job.refresh_from_db()
    assert (job.attempts, bodies.traces()) == (1, 1)


def test_eight_requests_with_the_same_key_enqueue_one_job():
    at_once(8, lambda: enqueue(key="same"))
    assert Job.objects.count() == 1


def test_dispatchers_at_once_claim_every_job_once():
    for _ in range(100):
        enqueue(URGENT)
    claimed = at_once(4, lambda: claim_due(room={JobQueue.URGENT: 60}))
    ids = [job for nudges in claimed for nudge in nudges for job in nudge.jobs]
    assert len(ids) == len(set(ids))
    rest = claim_due(room={JobQueue.URGENT: 100})
    assert len(ids) + len(rest) == 100
