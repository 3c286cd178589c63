from datetime import timedelta

import pytest

from jobs.kinds import kind_named
from jobs.models import Heartbeat, Job
from jobs.selectors import dead_jobs
from jobs.services import dead
from jobs.services.dead import NotDead, discard_dead_job, on_dead, retry_dead_job
from tests.jobs import bodies
from tests.jobs.bodies import ATTEMPTS
from tests.jobs.work import enqueue, run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(database_clock):
    database_clock.stop()
    return database_clock


@pytest.fixture(autouse=True)
def listeners(monkeypatch):
    monkeypatch.setattr(dead, "_listeners", [])


def fail():
    raise ValueError("a name that must not be kept")


def dying(clock):
    """Return a job that has used up its attempts."""
    bodies.during.append(fail)
    job = enqueue()
    for _ in range(ATTEMPTS):
        job = run(job)
        clock.move_to(job.due_at)
    bodies.during.clear()
    return job


def test_a_job_dies_with_its_last_attempt(clock):
    job = dying(clock)
    assert (job.attempts, job.error_class, job.done_at) == (ATTEMPTS, "ValueError", None)
    assert job.dead_at
    assert list(dead_jobs()) == [job]


def test_a_dead_job_is_not_run_again(clock):
    job = dying(clock)
    clock.advance(seconds=10_000)
    assert run(job).attempts == ATTEMPTS


def test_whoever_listens_is_told(clock):
    told = []
    on_dead(told.append)
    job = dying(clock)
    assert told == [job]
    assert told[0].dead_at


def test_a_listener_is_told_once_however_often_it_subscribes(clock):
    told = []
    for _ in range(2):
        on_dead(told.append)
    dying(clock)
    assert len(told) == 1


def test_a_broken_listener_stops_neither_the_death_nor_the_others(clock):
    told = []

    @on_dead
    def broken(job):
        Heartbeat.objects.create(name="half done", beaten_at=job.dead_at)
        fail()

    on_dead(told.append)
    assert dying(clock).dead_at
    assert len(told) == 1
    assert not Heartbeat.objects.filter(name="half done").exists()


def test_no_text_of_an_error_is_kept_or_logged(clock, capfd):
    on_dead(lambda job: fail())
    job = dying(clock)
    out = capfd.readouterr()
    assert "must not be kept" not in out.out + out.err
    assert "must not be kept" not in str(Job.objects.filter(pk=job.pk).values())


def test_a_retried_job_has_all_its_attempts_again(clock):
    job = dying(clock)
    retry_dead_job(job=job.pk, at=clock.now())
    job = run(job)
    assert (job.attempts, job.dead_at) == (1, None)
    assert job.done_at


def test_a_discarded_job_is_off_the_list_and_never_run(clock):
    job = dying(clock)
    discard_dead_job(job=job.pk, at=clock.now())
    assert not dead_jobs().exists()
    assert run(job).attempts == ATTEMPTS
    assert job.error_class == "ValueError"


@pytest.mark.parametrize("decide", [retry_dead_job, discard_dead_job])
def test_only_the_dead_are_decided_upon(clock, decide):
    job = enqueue()
    with pytest.raises(NotDead):
        decide(job=job.pk, at=clock.now() + timedelta(days=1))
    job.refresh_from_db()
    assert job.due_at == clock.now()


def test_every_kind_of_this_product_survives_more_than_one_failure():
    assert kind_named("jobs.tasks.purge_jobs").attempts > 1
