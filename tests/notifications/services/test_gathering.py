"""What is said by a newer message, or with others, costs the same whatever was sent in years."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.clock import database_now
from notifications.enums import MessageKind, MessageState
from notifications.models import Message
from notifications.services.gathering import gather, is_said_by_a_newer_one
from notifications.services.outbox import queue_message
from tests.notifications.conftest import QueueAlert

SUMMARY = {"kind": MessageKind.ALERT_SUMMARY, "context": {"leads": "3", "link": "/desk/"}}
MINUTE = timedelta(minutes=1)


@pytest.fixture
def two_thousand_sent(db: None) -> None:
    at = database_now()
    sent = {"kind": MessageKind.ALERT_SUMMARY, "to": "x", "state": MessageState.SENT, "channel": "EMAIL"}
    Message.objects.bulk_create(
        Message(**sent, dedupe_key=str(n), created_at=at, sent_at=at, recipient=n) for n in range(2000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE notifications_message")


def summary(queue_alert: QueueAlert, *, minutes_ago: int) -> Message:
    return queue_alert(**SUMMARY, at=database_now() - minutes_ago * MINUTE)


def test_a_summary_gives_way_to_a_newer_one(queue_alert: QueueAlert) -> None:
    older, at = summary(queue_alert, minutes_ago=10), database_now()
    assert not is_said_by_a_newer_one(older, at)
    newer = summary(queue_alert, minutes_ago=5)
    assert is_said_by_a_newer_one(older, at)
    assert not is_said_by_a_newer_one(newer, at)
    Message.objects.filter(pk=newer.pk).update(state=MessageState.FAILED, failed_at=at)
    assert not is_said_by_a_newer_one(older, at)  # the newer one did not get through either
    Message.objects.filter(pk=newer.pk).update(state=MessageState.SENT, sent_at=at, failed_at=None)
    assert is_said_by_a_newer_one(older, at)


def test_another_address_channel_or_kind_does_not_say_it(queue_alert: QueueAlert) -> None:
    older, at = summary(queue_alert, minutes_ago=10), database_now()
    queue_alert(**SUMMARY, to="kim@example.org")
    queue_alert()
    assert not is_said_by_a_newer_one(older, at)


def test_what_was_queued_a_moment_ago_is_asked_nothing(
    queue_alert: QueueAlert, django_assert_num_queries: type[CaptureQueriesContext]
) -> None:
    message, at = queue_alert(about=uuid4()), database_now()
    with django_assert_num_queries(0):
        assert not is_said_by_a_newer_one(message, at)
        assert not gather(message, at)


def test_indexes_answer_among_many(two_thousand_sent: None, queue_alert: QueueAlert) -> None:
    older, at = summary(queue_alert, minutes_ago=10), database_now()
    with CaptureQueriesContext(connection) as asked:
        assert not is_said_by_a_newer_one(older, at)
    plans = []
    for query in asked.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {query['sql']}")
            plans.append("\n".join(line for (line,) in cursor.fetchall()))
    assert len(plans) == 2
    assert not [plan for plan in plans if "Seq Scan" in plan]


def test_a_resent_one_goes_out_although_a_newer_one_did(queue_alert: QueueAlert) -> None:
    """Whoever sends a message again by hand has taken it out of its alert."""
    message = queue_message(
        kind=MessageKind.URGENT_LEAD_ALERT,
        to="robin@example.org",
        context={"reference": "7KX3-9QF2", "level": "U1", "queue": "Urgent", "link": "/desk/"},
        dedupe_key="old",
        about=uuid4(),
        at=database_now() - 10 * MINUTE,
    )
    queue_alert(to="robin@example.org", about=message.about)
    assert not is_said_by_a_newer_one(message, database_now())
