"""Receipts: believed only with the provider's signature, in any order, twice, early, and played again."""

import base64
import json
from collections.abc import Iterator
from datetime import datetime
from threading import Event, Thread
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobs.clock import database_now
from notifications import guards
from notifications.channels.reports import report_address
from notifications.enums import ChannelName, DeliveryOutcome, MessageState
from notifications.hooks.receipts import Receipt, ReceiptState
from notifications.hooks.signatures import twilio_signature
from notifications.models import Delivery, Message
from notifications.services.endings import TRIES
from notifications.services.outbox import resend_message
from notifications.services.receipts import note_receipts
from tests.at_once import somebody_waits
from tests.clock import DatabaseClock
from tests.notifications.conftest import QueueAlert
from tests.notifications.patience import SHORT
from tests.notifications.peers.server import Asked, Reply
from tests.notifications.peers.twilio import TOKEN, Twilio
from tests.notifications.work import job_of, outcomes, try_once
from tests.processes import PATIENCE, wait_until

pytestmark = pytest.mark.django_db

TO = "+447700900123"
PASSWORD = "us:a-password-of-the-tests"
ACCEPTED, DELIVERED = DeliveryOutcome.ACCEPTED, DeliveryOutcome.DELIVERED
UNDELIVERED, AMBIGUOUS = DeliveryOutcome.UNDELIVERED, DeliveryOutcome.AMBIGUOUS


@pytest.fixture(autouse=True)
def clock(database_clock: DatabaseClock) -> DatabaseClock:
    database_clock.stop()
    return database_clock


@pytest.fixture
def sent(text: Message, twilio: Twilio) -> Message:
    """A text that Twilio has taken."""
    twilio.then("ok")
    return try_once(text)


@pytest.fixture
def told() -> Iterator[list[tuple[str, ChannelName, str, datetime]]]:
    """What those who keep addresses were told."""
    news: list[Any] = []
    guards.on_stop("test", lambda *what: news.append(("stop", *what)))
    guards.on_gone("test", lambda *what: news.append(("gone", *what)))
    yield news
    guards.on_stop("test", lambda *_: None)
    guards.on_gone("test", lambda *_: None)


def report(message: Message, *, secret: str = TOKEN, sid: str = "", signed: str = "", **said: str) -> int:
    """Post a status callback as Twilio does, to the address that it was given; return our answer's status."""
    url = report_address("twilio", str(message.pk))
    if not sid:
        sid = message.deliveries.exclude(provider_id="").order_by("-started_at")[0].provider_id
    body = urlencode({"AccountSid": "AC1", "To": TO, "MessageSid": sid} | said)
    signature = twilio_signature(secret=secret, url=signed or url, posted=QueryDict(body))
    answer = Client().post(
        url.removeprefix("https://help.example"),
        body,
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signature},
    )
    message.refresh_from_db()
    return answer.status_code


def test_a_text_that_arrived_says_when(sent: Message, clock: DatabaseClock) -> None:
    assert report(sent, MessageStatus="sent") == 204
    assert (sent.state, sent.delivered_at) == (MessageState.SENT, None)
    at = clock.advance(seconds=7)
    assert report(sent, MessageStatus="delivered") == 204
    assert (sent.state, sent.delivered_at, sent.read_at) == (MessageState.SENT, at, None)
    assert outcomes(sent) == [(DELIVERED, "")]


def test_a_text_that_was_read_says_when(sent: Message, clock: DatabaseClock) -> None:
    assert report(sent, MessageStatus="read") == 204
    assert (sent.delivered_at, sent.read_at) == (clock.now(), clock.now())


def test_a_text_that_did_not_arrive_is_shown_as_failed(sent: Message, clock: DatabaseClock) -> None:
    assert report(sent, MessageStatus="undelivered", ErrorCode="30003") == 204
    assert (sent.state, sent.failed_at, sent.sent_at) == (MessageState.FAILED, clock.now(), None)
    assert outcomes(sent) == [(UNDELIVERED, "Twilio 30003")]


def test_a_call_that_nobody_picked_up_is_no_failure_to_be_dealt_with(
    text: Message, twilio: Twilio, clock: DatabaseClock
) -> None:
    Message.objects.update(channel=ChannelName.VOICE)
    text.refresh_from_db()
    twilio.then("ok")
    call = try_once(text)
    sid = call.deliveries.get().provider_id
    assert report(call, sid=sid, MessageSid="", CallSid=sid, CallStatus="no-answer") == 204
    assert call.state == MessageState.SENT
    assert outcomes(call) == [(UNDELIVERED, "Twilio no-answer")]


# --- whose word it is


@pytest.mark.parametrize("changes", [{"secret": "another"}, {"signed": "https://help.example/elsewhere/"}])
def test_a_forged_report_changes_nothing(sent: Message, changes: dict[str, str]) -> None:
    assert report(sent, MessageStatus="delivered", **changes) == 403
    assert (sent.delivered_at, outcomes(sent)) == (None, [(ACCEPTED, "")])


@pytest.mark.parametrize(
    ("secret", "status"), [(TOKEN, 204), ("the next one", 204), ("another", 403), ("", 403)]
)
def test_while_the_token_changes_either_is_believed(
    sent: Message, settings: Any, secret: str, status: int
) -> None:
    settings.TWILIO_NEXT_AUTH_TOKEN = "the next one"
    assert report(sent, secret=secret, MessageStatus="delivered") == status


def test_without_a_token_nothing_is_believed(sent: Message, settings: Any) -> None:
    settings.TWILIO_AUTH_TOKEN = ""
    assert report(sent, secret="", MessageStatus="delivered") == 403


@pytest.mark.parametrize("provider", ["pigeon", "postmark"])
def test_a_provider_with_whom_nothing_was_agreed_is_not_believed(
    client: Client, settings: Any, provider: str
) -> None:
    settings.ANYMAIL = {}
    assert client.post(f"/hooks/receipts/{provider}/", {}).status_code == 403


def test_what_makes_no_sense_is_refused(sent: Message) -> None:
    assert report(sent, MessageStatus="eaten") == 400


def test_only_posts_are_answered(client: Client) -> None:
    assert client.get("/hooks/receipts/twilio/").status_code == 405


def test_a_report_without_end_is_not_read(client: Client) -> None:
    body = b"x" * 300_000
    answer = client.post("/hooks/receipts/twilio/", body, content_type="application/json")
    assert answer.status_code == 413


# --- twice, out of order, early, played again


def test_a_second_report_changes_nothing(sent: Message, clock: DatabaseClock) -> None:
    report(sent, MessageStatus="delivered")
    first = sent.delivered_at
    clock.advance(seconds=60)
    assert report(sent, MessageStatus="delivered") == 204
    assert report(sent, MessageStatus="sent") == 204
    assert (sent.delivered_at, outcomes(sent)) == (first, [(DELIVERED, "")])


def test_an_old_report_played_again_does_not_fail_what_was_sent_again(
    sent: Message, twilio: Twilio, clock: DatabaseClock
) -> None:
    old = sent.deliveries.get().provider_id
    report(sent, sid=old, MessageStatus="undelivered", ErrorCode="30003")
    resend_message(message=sent, at=clock.now())
    sent.refresh_from_db()
    clock.advance(seconds=1)
    twilio.then("ok")
    assert try_once(sent).state == MessageState.SENT
    report(sent, sid=old, MessageStatus="undelivered", ErrorCode="30003")
    assert sent.state == MessageState.SENT


@pytest.mark.django_db(transaction=True)
def test_a_report_that_comes_before_our_own_note_stands(text: Message, twilio: Twilio) -> None:
    class Hasty(Twilio):
        def do(self, asked: Asked) -> Reply:
            reply = super().do(asked)
            note(text, "SM-early", ReceiptState.DELIVERED)
            connection.close()  # of this thread
            return reply

    twilio.__class__ = Hasty
    twilio.then("ok")
    message = try_once(text)
    assert (message.state, outcomes(message)) == (MessageState.SENT, [(DELIVERED, "")])
    assert message.deliveries.get().provider_id == "SM-early"


@pytest.mark.django_db(transaction=True)
def test_a_report_that_is_being_noted_while_we_note_that_it_went_stands(
    text: Message, twilio: Twilio
) -> None:
    noted = Event()

    def report() -> None:
        with transaction.atomic():
            note(text, "SM-meanwhile", ReceiptState.DELIVERED)
            noted.set()
            wait_until(somebody_waits, what="our own note")
        connection.close()  # of this thread

    class Meanwhile(Twilio):
        def do(self, asked: Asked) -> Reply:
            reporter.start()
            assert noted.wait(PATIENCE)
            return super().do(asked)

    reporter = Thread(target=report)
    twilio.__class__ = Meanwhile
    twilio.then("ok")
    message = try_once(text)
    reporter.join(PATIENCE)
    assert (message.state, outcomes(message)) == (MessageState.SENT, [(DELIVERED, "")])
    assert message.deliveries.get().provider_id == "SM-meanwhile"
    assert message.sent_at is not None
    assert message.delivered_at is not None


def note(message: Message, sid: str, state: ReceiptState) -> None:
    receipt = Receipt(sid, state, message=str(message.pk))
    note_receipts(receipts=[receipt], provider="twilio", at=database_now())


@pytest.mark.parametrize("status", ["sent", "delivered"])
def test_a_report_settles_a_try_of_which_nobody_knew(
    text: Message, twilio: Twilio, clock: DatabaseClock, settings: Any, status: str
) -> None:
    settings.OUTGOING_TIMEOUT = SHORT
    twilio.then("hang")
    assert outcomes(try_once(text)) == [(AMBIGUOUS, "TimeoutError")]
    report(text, sid=twilio.made[0]["sid"], MessageStatus=status)
    assert (text.state, text.sent_at) == (MessageState.SENT, clock.now())
    clock.move_to(job_of(text).due_at)
    assert try_once(text).tries == 1
    assert len(twilio.made) == 1


def test_a_message_that_failed_for_want_of_an_answer_has_arrived_after_all(
    text: Message, twilio: Twilio
) -> None:
    Message.objects.filter(pk=text.pk).update(tries=TRIES - 1)
    twilio.then("lost")
    assert try_once(text).state == MessageState.FAILED
    report(text, sid=twilio.made[0]["sid"], MessageStatus="delivered")
    assert (text.state, text.failed_at) == (MessageState.SENT, None)


def test_bad_news_of_one_try_leaves_a_message_that_arrived_by_another(
    sent: Message, clock: DatabaseClock
) -> None:
    Delivery.objects.create(message=sent, started_at=clock.now(), outcome=ACCEPTED, provider_id="SM-other")
    report(sent, sid="SM-other", MessageStatus="undelivered", ErrorCode="30003")
    assert sent.state == MessageState.SENT


def test_a_message_that_is_deleted_by_now_is_nothing_to_wait_for(sent: Message) -> None:
    sid = sent.deliveries.get().provider_id
    Delivery.objects.all().delete()
    assert report(sent, sid=sid, MessageStatus="delivered") == 204


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    order=st.permutations(["queued", "sent", "sent", "delivered", "delivered", "read"]), again=st.booleans()
)
def test_in_whatever_order_reports_come_they_end_the_same(
    sent: Message, order: list[str], *, again: bool
) -> None:
    Delivery.objects.update(outcome=ACCEPTED, reported_at=None)
    Message.objects.update(delivered_at=None, read_at=None)
    states = {"queued": "ON_ITS_WAY", "sent": "ON_ITS_WAY", "delivered": "DELIVERED", "read": "READ"}
    sid = sent.deliveries.get().provider_id
    for status in order * (2 if again else 1):
        note(sent, sid, ReceiptState(states[status]))
    sent.refresh_from_db()
    assert outcomes(sent) == [(DeliveryOutcome.READ, "")]
    assert (sent.state, sent.delivered_at is not None, sent.read_at is not None) == ("SENT", True, True)


# --- what it says of an address


@pytest.mark.parametrize(("code", "news"), [("21610", "stop"), ("30005", "gone"), ("30006", "gone")])
def test_news_of_an_address_reaches_those_who_keep_it_once(
    sent: Message, told: list[Any], clock: DatabaseClock, code: str, news: str
) -> None:
    report(sent, MessageStatus="failed", ErrorCode=code)
    report(sent, MessageStatus="failed", ErrorCode=code)
    assert told == [(news, ChannelName.SMS, TO, clock.now())]


def test_a_phone_that_is_switched_off_is_no_news_of_its_number(sent: Message, told: list[Any]) -> None:
    report(sent, MessageStatus="undelivered", ErrorCode="30003")
    assert told == []


# --- e-mail


@pytest.fixture
def email(queue_alert: QueueAlert, settings: Any, clock: DatabaseClock) -> Message:
    """An alert that Postmark has taken."""
    settings.ANYMAIL = {"WEBHOOK_SECRET": PASSWORD}
    message = queue_alert()
    Message.objects.filter(pk=message.pk).update(state=MessageState.SENT, sent_at=clock.now())
    Delivery.objects.create(message=message, started_at=clock.now(), outcome=ACCEPTED, provider_id="pm-1")
    return message


def postmark(password: str = PASSWORD, **said: Any) -> int:
    pair = base64.b64encode(password.encode()).decode()
    event = {"MessageID": "pm-1", "Recipient": "robin.sample@example.org"} | said
    answer = Client().post(
        "/hooks/receipts/postmark/",
        json.dumps(event),
        content_type="application/json",
        headers={"Authorization": f"Basic {pair}"},
    )
    return answer.status_code


def test_an_email_that_bounced_is_shown_as_failed(email: Message) -> None:
    assert postmark(RecordType="Bounce", ID=1, Type="HardBounce") == 204
    email.refresh_from_db()
    assert (email.state, outcomes(email)) == (MessageState.FAILED, [(UNDELIVERED, "bounced bounced")])


def test_an_email_that_arrived_says_so(email: Message, clock: DatabaseClock) -> None:
    assert postmark(RecordType="Delivery", DeliveredAt="2027-03-01T12:00:00Z") == 204
    email.refresh_from_db()
    assert email.delivered_at == clock.now()


def test_a_wrong_password_is_not_believed(email: Message) -> None:
    assert postmark("us:wrong", RecordType="Delivery") == 403


def test_a_provider_is_asked_to_come_again_with_what_we_do_not_know_yet(email: Message) -> None:
    assert postmark(RecordType="Delivery", MessageID="pm-2") == 404


def test_one_providers_id_says_nothing_about_anothers(email: Message) -> None:
    Message.objects.update(channel=ChannelName.SMS)
    assert postmark(RecordType="Delivery") == 404
