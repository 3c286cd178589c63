from datetime import timedelta

import pytest

from jobs.clock import database_now
from jobs.models import Job
from jobs.selectors import dispatch_status, oldest_due_by_queue, overdue_jobs, waiting_kinds
from jobs.services.periodic import beat
from tests.jobs.bodies import SEND, URGENT
from tests.jobs.work import enqueue, run

pytestmark = pytest.mark.django_db


def test_overdue_jobs_come_longest_overdue_first():
    at = database_now()
    late, later = enqueue(due_in=-60), enqueue(due_in=-90)
    enqueue(due_in=-10)
    enqueue(due_in=60)
    run(enqueue(due_in=-120))
    assert list(overdue_jobs(before=at - timedelta(seconds=30))) == [later, late]


def test_the_oldest_due_job_of_each_queue():
    first = enqueue(URGENT, due_in=-60)
    enqueue(URGENT, due_in=-30)
    enqueue(SEND, due_in=30)
    assert oldest_due_by_queue(at=database_now()) == {"urgent": first.due_at}


def test_publishing_does_not_make_a_late_job_look_punctual():
    job = enqueue(URGENT, due_in=-60)
    Job.objects.update(publish_at=database_now() + timedelta(seconds=30))
    assert oldest_due_by_queue(at=database_now()) == {"urgent": job.due_at}


def test_jobs_of_unknown_kinds_are_seen_waiting():
    enqueue(URGENT)
    for _ in range(2):
        enqueue()
    Job.objects.exclude(queue="urgent").update(kind="intake.tasks.from_the_future")
    assert waiting_kinds() == {"intake.tasks.from_the_future": 2}


def test_the_status_is_figures_and_names():
    at = database_now()
    enqueue(URGENT, due_in=-60)
    Job.objects.filter(pk=enqueue().pk).update(dead_at=at)
    beat(name="dispatch", at=at - timedelta(seconds=2))
    assert dispatch_status(at=at) == {
        "oldest_due_seconds": {"urgent": 60.0},
        "dead": 1,
        "waiting_kinds": {},
        "dispatcher_seen_seconds": 2.0,
    }


def test_the_status_before_any_dispatcher_ran():
    assert dispatch_status(at=database_now())["dispatcher_seen_seconds"] is None
