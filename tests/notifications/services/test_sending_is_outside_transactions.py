"""What the database holds while a message is on its way: seen from another connection."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from jobs.models import Job
from notifications.enums import DeliveryOutcome, MessageState
from notifications.models import Delivery, Message
from tests.jobs.work import run
from tests.notifications.conftest import QueueAlert
from tests.notifications.smtp import FakeSmtp, Received
from tests.notifications.work import job_of, outcomes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def during(smtp: FakeSmtp) -> Callable[[Callable[[], Any]], list[Any]]:
    """Return a function that has its argument called while the server takes a message."""

    def call(action: Callable[[], Any]) -> list[Any]:
        results: list[Any] = []

        def take(message: Received) -> None:
            smtp.received.append(message)
            try:
                results.append(action())
            finally:
                connection.close()  # this thread's own

        smtp.on_received = take
        return results

    return call


def test_the_try_is_on_disk_and_nothing_is_locked_while_it_is_sent(
    queue_alert: QueueAlert, during: Any
) -> None:
    message = queue_alert()

    def look() -> tuple[int, int]:
        unlocked = Message.objects.filter(pk=message.pk).select_for_update(nowait=True)
        return Delivery.objects.filter(outcome="").count(), len(unlocked)

    seen = during(lambda: in_transaction(look))
    run(job_of(message))
    assert seen == [(1, 1)]


def test_a_message_that_went_out_counts_as_sent_though_the_job_has_a_new_holder(
    queue_alert: QueueAlert, during: Any, smtp: FakeSmtp
) -> None:
    message = queue_alert()
    job = job_of(message)
    during(lambda: Job.objects.filter(pk=job.pk).update(lease_token=uuid4()))
    assert run(job).done_at is None
    Job.objects.filter(pk=job.pk).update(lease_until=None, lease_token=None)
    assert run(job).done_at

    message.refresh_from_db()
    assert (message.state, len(smtp.received)) == (MessageState.SENT, 1)
    assert outcomes(message) == [(DeliveryOutcome.ACCEPTED, "")]


def test_a_lost_database_connection_does_not_send_it_twice(
    queue_alert: QueueAlert, during: Any, smtp: FakeSmtp
) -> None:
    message = queue_alert()
    job = job_of(message)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    during(lambda: terminate(pid))
    assert run(job).done_at
    message.refresh_from_db()
    assert (message.state, len(smtp.received)) == (MessageState.SENT, 1)


def in_transaction(action: Callable[[], Any]) -> Any:
    from django.db import transaction

    with transaction.atomic():
        return action()


def terminate(pid: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
