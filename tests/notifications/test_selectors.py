from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from jobs.clock import database_now
from notifications.catalogue import ALERTS
from notifications.enums import DeliveryOutcome, MessageKind, MessageState
from notifications.models import UNSETTLED, Delivery, Message
from notifications.selectors import failed_messages, messages_about, oldest_waiting_alert
from notifications.services.outbox import discard_message
from tests.notifications.conftest import QueueAlert

pytestmark = pytest.mark.django_db


def test_messages_about_a_lead_come_in_order_with_their_deliveries(queue_alert: QueueAlert) -> None:
    about, at = uuid4(), database_now()
    second = queue_alert(about=about, at=at + timedelta(seconds=1))
    first = queue_alert(about=about, at=at)
    queue_alert(about=uuid4())
    for seconds, outcome in ((2, DeliveryOutcome.ACCEPTED), (1, DeliveryOutcome.TRANSIENT_ERROR)):
        Delivery.objects.create(message=first, started_at=at + timedelta(seconds=seconds), outcome=outcome)
    found = list(messages_about(about))
    assert found == [first, second]
    assert [try_.outcome for try_ in found[0].deliveries.all()] == ["TRANSIENT_ERROR", "ACCEPTED"]


@pytest.mark.parametrize("count", [1, 30])
def test_a_list_takes_two_queries_however_long(
    queue_alert: QueueAlert, django_assert_num_queries: Any, count: int
) -> None:
    about = uuid4()
    for _ in range(count):
        queue_alert(about=about)
    with django_assert_num_queries(2):
        assert len([list(message.deliveries.all()) for message in messages_about(about)]) == count


def test_failed_messages_are_those_that_wait_for_a_person_latest_first(queue_alert: QueueAlert) -> None:
    at = database_now()
    older, newer, *others = (queue_alert() for _ in range(5))
    for message, seconds in ((older, 1), (newer, 2)):
        failed_at = at + timedelta(seconds=seconds)
        Message.objects.filter(pk=message.pk).update(state=MessageState.FAILED, failed_at=failed_at)
    Message.objects.filter(pk=others[0].pk).update(state=MessageState.CANCELLED)
    Message.objects.filter(pk=others[1].pk).update(state=MessageState.SENT, sent_at=at)
    assert list(failed_messages()) == [newer, older]


def test_the_oldest_waiting_alert_is_no_other_message(queue_alert: QueueAlert) -> None:
    at = database_now()
    assert oldest_waiting_alert() is None
    queue_alert(kind=MessageKind.TEST, context={}, at=at - timedelta(hours=1))
    sent = queue_alert(at=at - timedelta(minutes=9))
    Message.objects.filter(pk=sent.pk).update(state=MessageState.SENT, sent_at=at)
    oldest = queue_alert(at=at - timedelta(minutes=5))
    queue_alert(at=at)
    assert oldest_waiting_alert() == oldest


def test_an_alert_that_failed_waits_until_a_person_has_dealt_with_it(queue_alert: QueueAlert) -> None:
    alert = queue_alert()
    Message.objects.update(state=MessageState.FAILED, failed_at=database_now())
    assert oldest_waiting_alert() == alert
    discard_message(message=alert)
    assert oldest_waiting_alert() is None


def test_the_oldest_waiting_alert_is_found_by_its_index_among_many(queue_alert: QueueAlert) -> None:
    sent = {"kind": MessageKind.URGENT_LEAD_ALERT, "to": "x", "state": MessageState.SENT}
    at = database_now()
    Message.objects.bulk_create(
        Message(**sent, channel="EMAIL", dedupe_key=str(n), created_at=at, sent_at=at) for n in range(2000)
    )
    oldest = queue_alert()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE notifications_message")
    waiting = Message.objects.filter(UNSETTLED, kind__in=ALERTS).order_by("created_at")[:1]
    assert "message_unsettled" in waiting.explain()
    assert list(waiting) == [oldest]
