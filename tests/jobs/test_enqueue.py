from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction

from jobs.clock import database_now
from jobs.errors import UnknownKind
from jobs.models import Job
from jobs.services.enqueue import CHANNEL, enqueue_job
from tests.jobs.bodies import QUICK

pytestmark = pytest.mark.django_db


def enqueue(key="one", *, kind=QUICK, due_in=0, **more):
    due_at = database_now() + timedelta(seconds=due_in)
    enqueue_job(kind=kind, subject=None, due_at=due_at, dedupe_key=key, **more)


def test_a_job_waits_in_the_queue_of_its_kind():
    subject, at = uuid4(), database_now()
    enqueue_job(kind=QUICK, subject=subject, due_at=at, dedupe_key="one")
    job = Job.objects.get()
    assert (job.kind, job.queue, job.subject, job.due_at) == (QUICK, "routine", subject, at)
    assert (job.publish_at, job.attempts, job.lease_until, job.done_at, job.dead_at) == (
        at,
        0,
        None,
        None,
        None,
    )


def test_the_caller_may_name_another_queue():
    enqueue(queue="urgent")
    assert Job.objects.get().queue == "urgent"


def test_the_same_dedupe_key_is_one_job():
    enqueue("same")
    enqueue("same", due_in=60)
    assert Job.objects.count() == 1


def test_an_unknown_kind_is_refused():
    with pytest.raises(UnknownKind):
        enqueue(kind="tests.jobs.bodies.misspelt")


def test_a_rolled_back_transaction_leaves_no_job():
    with transaction.atomic():
        enqueue()
        transaction.set_rollback(True)
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"done_at": True, "dead_at": True}, "job_not_both_done_and_dead"),
        ({"lease_until": True}, "job_lease_has_time_and_token"),
    ],
)
def test_the_database_refuses_impossible_jobs(changes, constraint):
    enqueue()
    with pytest.raises(Exception, match=constraint):
        Job.objects.update(**dict.fromkeys(changes, database_now()))


@pytest.fixture
def notifications(transactional_db):
    """What a listening dispatcher hears: call it for the notifications since the last call."""
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {CHANNEL}")
    yield lambda: len(list(connection.connection.notifies(timeout=0.2)))
    connection.close()


def test_one_notification_a_transaction(notifications):
    with transaction.atomic():
        enqueue("one")
        enqueue("two")
    assert notifications() == 1
    enqueue("three")
    assert notifications() == 1


def test_nothing_is_heard_of_what_is_not_due_or_was_there_before(notifications):
    enqueue("known")
    assert notifications() == 1
    enqueue("known")
    enqueue("later", due_in=60)
    assert notifications() == 0


def test_a_rolled_back_savepoint_does_not_silence_the_transaction(notifications):
    with transaction.atomic():
        with transaction.atomic():
            enqueue("lost")
            transaction.set_rollback(True)
        enqueue("kept")
    assert notifications() == 1
