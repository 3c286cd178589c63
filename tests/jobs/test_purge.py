from datetime import timedelta

import pytest

from jobs.clock import database_now
from jobs.models import Job
from jobs.services import purge
from jobs.services.purge import KEPT, purge_done_jobs
from tests.jobs.work import enqueue

pytestmark = pytest.mark.django_db


def done(ago):
    job = enqueue()
    Job.objects.filter(pk=job.pk).update(done_at=database_now() - ago)
    return job


def test_jobs_done_long_ago_are_deleted_in_batches(monkeypatch):
    monkeypatch.setattr(purge, "BATCH", 2)
    for _ in range(5):
        done(KEPT + timedelta(seconds=1))
    assert purge_done_jobs(at=database_now()) == 5


def test_recent_open_and_dead_jobs_stay():
    kept = {done(KEPT - timedelta(minutes=1)).pk, enqueue().pk, enqueue().pk}
    Job.objects.filter(pk=max(kept)).update(dead_at=database_now() - 2 * KEPT)
    assert purge_done_jobs(at=database_now()) == 0
    assert set(Job.objects.values_list("pk", flat=True)) == kept
