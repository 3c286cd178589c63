"""What the dispatcher's own children take from the table."""

from datetime import timedelta

import pytest

from jobs.clock import database_now
from jobs.enums import JobQueue
from jobs.models import Job
from jobs.services.standby import next_pressing
from tests.jobs.bodies import QUICK, URGENT
from tests.jobs.work import enqueue

pytestmark = pytest.mark.django_db


def late(kind, queue, seconds):
    job = enqueue(kind, due_in=-seconds)
    Job.objects.filter(pk=job.pk).update(queue=queue)
    return job.pk, kind


def test_placing_comes_before_alerts_however_late_they_are():
    alert = late(QUICK, JobQueue.ALERTS, 30)
    urgent = late(URGENT, JobQueue.URGENT, 1)
    assert next_pressing(late_by=timedelta()) == urgent
    Job.objects.filter(pk=urgent[0]).update(done_at=database_now())
    assert next_pressing(late_by=timedelta()) == alert


def test_what_is_not_late_enough_is_left_to_the_workers():
    urgent = late(URGENT, JobQueue.URGENT, 10)
    assert next_pressing(late_by=timedelta(seconds=15)) is None
    assert next_pressing(late_by=timedelta(seconds=5)) == urgent


@pytest.mark.parametrize("queue", [JobQueue.OUTBOUND, JobQueue.ROUTINE, JobQueue.REPORTS])
def test_other_queues_wait_for_the_broker(queue):
    late(QUICK, queue, 60)
    assert next_pressing(late_by=timedelta()) is None


def test_a_job_that_somebody_is_at_is_left_alone():
    job, _ = late(URGENT, JobQueue.URGENT, 10)
    at = database_now()
    Job.objects.filter(pk=job).update(lease_until=at + timedelta(seconds=5), lease_token=job)
    assert next_pressing(late_by=timedelta()) is None
