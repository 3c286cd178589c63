from datetime import timedelta
from uuid import uuid4

import pytest
from django.test.utils import CaptureQueriesContext

from jobs.clock import database_now
from notifications.enums import DeliveryOutcome, MessageKind, MessageState
from notifications.models import Delivery, Message
from notifications.selectors import failed_messages, messages_about, oldest_waiting_alert
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
    queue_alert: QueueAlert, django_assert_num_queries: type[CaptureQueriesContext], count: int
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
