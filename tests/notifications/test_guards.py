"""An alert that is no longer true is not sent; and who says so may be wrong without an alert being lost."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from jobs.clock import database_now
from notifications import guards
from notifications.catalogue import CATALOGUE, Entry
from notifications.enums import Audience, ChannelName, MessageKind, MessageState, Purpose, Why
from notifications.guards import NotSafeToSend
from notifications.models import Message
from notifications.services.outbox import Way, queue_message
from tests.notifications.conftest import QueueAlert
from tests.notifications.peers.twilio import Twilio
from tests.notifications.smtp import FakeSmtp
from tests.notifications.work import outcomes, try_once

pytestmark = pytest.mark.django_db
OVER: set[UUID | None] = set()


def _is_over(about: UUID | None, at: datetime) -> str:
    if about in OVER:
        return "LeadClosed"
    return ""


@pytest.fixture(autouse=True)
def _only_these() -> Iterator[None]:
    """Each test registers what it needs; afterwards everything is as the apps left it."""
    before = {kind: list(checks) for kind, checks in guards._STILL_TRUE.items()}
    consent = dict(guards._CONSENT)
    yield
    OVER.clear()
    guards._STILL_TRUE.clear()
    guards._STILL_TRUE.update(before)
    guards._CONSENT.clear()
    guards._CONSENT.update(consent)


def test_an_alert_that_is_no_longer_true_is_cancelled_with_the_reason(
    queue_alert: QueueAlert, smtp: FakeSmtp
) -> None:
    guards.still_true(MessageKind.URGENT_LEAD_ALERT, _is_over)
    lead = uuid4()
    message, other = queue_alert(about=lead), queue_alert(about=uuid4())
    OVER.add(lead)
    assert (try_once(message).state, message.why) == (MessageState.CANCELLED, "LeadClosed")
    assert (outcomes(message), smtp.received) == ([], [])
    assert try_once(other).state == MessageState.SENT


def test_it_is_asked_again_before_the_next_way(
    queue_alert: QueueAlert, smtp: FakeSmtp, twilio: Twilio
) -> None:
    guards.still_true(MessageKind.URGENT_LEAD_ALERT, _is_over)
    smtp.then("rcpt 550")
    lead = uuid4()
    message = try_once(queue_alert(about=lead, ways=[Way(ChannelName.SMS, "+447700900123")]))
    OVER.add(lead)
    assert try_once(Message.objects.get(instead_of=message)).why == "LeadClosed"


def test_other_kinds_are_not_asked_about(queue_alert: QueueAlert, smtp: FakeSmtp) -> None:
    guards.still_true(MessageKind.URGENT_LEAD_ALERT, _is_over)
    OVER.add(None)
    assert try_once(queue_alert(kind=MessageKind.TEST, context={})).state == MessageState.SENT


def test_a_check_that_is_broken_loses_no_alert(queue_alert: QueueAlert, smtp: FakeSmtp) -> None:
    def broken(about: UUID | None, at: datetime) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")  # the transaction is spoiled, too
        return ""

    guards.still_true(MessageKind.TEST, broken)
    message = queue_alert(kind=MessageKind.TEST, context={})
    assert try_once(message).state == MessageState.SENT
    assert job_of_is_done(message)


def job_of_is_done(message: Message) -> bool:
    from jobs.models import Job

    return Job.objects.get(subject=message.pk).done_at is not None


# --- marketing: only with consent, and STOP beats it


@pytest.fixture
def marketing(monkeypatch: pytest.MonkeyPatch) -> MessageKind:
    """A kind of message that the catalogue declares to be marketing; there is none in the product."""
    entry = Entry(audience=Audience.CALLER, purpose=Purpose.MARKETING)
    monkeypatch.setitem(CATALOGUE, MessageKind.TEST, entry)
    guards.guard(Audience.CALLER, lambda channel, to, about: None)
    return MessageKind.TEST


@pytest.fixture(autouse=True)
def _usual_guard() -> Iterator[None]:
    before = dict(guards._GUARDS)
    yield
    guards._GUARDS.clear()
    guards._GUARDS.update(before)


def send(kind: MessageKind, **changes: Any) -> Message:
    usual = {"to": "ada@example.org", "context": {}, "dedupe_key": str(uuid4()), "about": None}
    return queue_message(kind=kind, at=database_now(), **usual | changes)


def _has_not_agreed(to: str, about: UUID | None) -> None:
    raise NotSafeToSend("They have not agreed.")


def test_nothing_in_the_product_is_marketing() -> None:
    assert {entry.purpose for entry in CATALOGUE.values()} == {Purpose.SERVICE}


def test_marketing_needs_somebody_who_knows_of_consent(marketing: MessageKind) -> None:
    with pytest.raises(NotSafeToSend):
        send(marketing)


def test_marketing_to_whoever_has_not_agreed_is_refused(marketing: MessageKind) -> None:
    guards.ask_for_consent("test", _has_not_agreed)
    with pytest.raises(NotSafeToSend):
        send(marketing)
    assert not Message.objects.exists()


def test_consent_that_is_withdrawn_while_it_waits_is_obeyed(marketing: MessageKind, smtp: FakeSmtp) -> None:
    guards.ask_for_consent("test", lambda to, about: None)
    message = send(marketing)
    guards.ask_for_consent("test", _has_not_agreed)
    assert (try_once(message).state, message.why) == (MessageState.CANCELLED, Why.NOT_SAFE)
    assert smtp.received == []


def test_stop_beats_consent(marketing: MessageKind) -> None:
    guards.ask_for_consent("test", lambda to, about: None)
    # as whoever has asked us to stop
    guards.guard(Audience.CALLER, lambda channel, to, about: _has_not_agreed(to, about))
    with pytest.raises(NotSafeToSend):
        send(marketing)


def test_service_messages_need_no_such_consent(marketing: MessageKind, queue_alert: QueueAlert) -> None:
    guards.ask_for_consent("test", _has_not_agreed)
    assert queue_alert().state == MessageState.QUEUED
