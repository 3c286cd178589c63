from datetime import UTC, datetime, timedelta

import pytest

from jobs import kinds
from jobs.enums import JobQueue
from jobs.kinds import Kind
from jobs.models import Job
from jobs.selectors import latest_beat
from jobs.services.periodic import beat, enqueue_periodic_jobs, next_bucket
from jobs.tasks import nudge, purge_jobs

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def only_kind(monkeypatch):
    """The one kind that repeats here."""
    monkeypatch.setattr(kinds, "_KINDS", {})

    kinds.register_kind(
        Kind("sweep", JobQueue.ROUTINE, attempts=3, lease=30, atomic=True, body=lambda **_: None, every=20)
    )
    return "sweep"


def test_one_job_a_bucket_however_often_and_by_whomever(only_kind):
    for second in (1, 2, 19.9):
        enqueue_periodic_jobs(at=NOON + timedelta(seconds=second))
    job = Job.objects.get()
    assert (job.kind, job.dedupe_key) == (only_kind, f"{only_kind}:2026-03-01T12:00:00Z")
    assert job.due_at == NOON + timedelta(seconds=1)


def test_the_next_bucket_is_another_job():
    enqueue_periodic_jobs(at=NOON)
    enqueue_periodic_jobs(at=NOON + timedelta(seconds=20))
    assert Job.objects.count() == 2


def test_nothing_new_repeats_before_the_next_bucket():
    assert next_bucket(NOON + timedelta(seconds=3)) == NOON + timedelta(seconds=20)
    assert next_bucket(NOON) == NOON + timedelta(seconds=20)


def test_kinds_that_do_not_repeat_are_left_alone(monkeypatch):
    monkeypatch.setattr(kinds, "_KINDS", {})
    enqueue_periodic_jobs(at=NOON)
    assert not Job.objects.exists()
    assert next_bucket(NOON) == NOON + timedelta(minutes=1)


def test_a_beat_is_the_latest_sign_of_life():
    assert latest_beat("beat") is None
    beat(name="beat", at=NOON)
    beat(name="beat", at=NOON + timedelta(seconds=5))
    assert latest_beat("beat") == NOON + timedelta(seconds=5)


def test_beats_nudge_enqueues_what_repeats_and_leaves_a_sign(database_clock):
    database_clock.stop()
    nudge(from_the_future=True)
    assert Job.objects.count() == 1
    assert latest_beat("beat") == database_clock.now()


def test_the_purge_repeats_every_hour():
    assert purge_jobs.__name__ == "purge_jobs"
