"""One way does not get through, so the next one does: in time, with one possible duplicate at the most."""

import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from jobs.models import Job
from notifications.catalogue import ChannelRefused
from notifications.enums import ChannelName, DeliveryOutcome, MessageKind, MessageState, Why
from notifications.models import Delivery, Message
from notifications.services import failover
from notifications.services.endings import TRIES
from notifications.services.failover import patience_of
from notifications.services.outbox import Way, resend_message
from tests.clock import DatabaseClock
from tests.jobs.work import run
from tests.notifications.conftest import ALERT_CONTEXT, QueueAlert
from tests.notifications.patience import IN_TIME, SHORT
from tests.notifications.peers.server import Reply
from tests.notifications.peers.twilio import Twilio, refusal
from tests.notifications.smtp import FakeSmtp
from tests.notifications.test_webhooks import report
from tests.notifications.work import job_of, outcomes, settle, try_once

pytestmark = pytest.mark.django_db

MOBILE = "+447700900123"
TEXT = Way(ChannelName.SMS, MOBILE)
CALL = Way(ChannelName.VOICE, MOBILE)
EMAIL = Way(ChannelName.EMAIL, "robin.sample@example.org")
TWICE = "You may have had this by another way already."


@pytest.fixture(autouse=True)
def clock(database_clock: DatabaseClock) -> DatabaseClock:
    database_clock.stop()
    return database_clock


@pytest.fixture
def _impatience(settings: Any) -> None:
    settings.EMAIL_TIMEOUT = SHORT


def states() -> list[tuple[str, str, str]]:
    """Return channel, state and reason of every message, in the order in which they came to be."""
    return list(Message.objects.order_by("id").values_list("channel", "state", "why"))


def next_of(message: Message) -> Message:
    return Message.objects.get(instead_of=message)


# --- when the next way takes over


def test_a_refusal_for_good_goes_the_next_way_at_once(
    queue_alert: QueueAlert, smtp: FakeSmtp, twilio: Twilio
) -> None:
    smtp.then("rcpt 550")
    twilio.then("ok")
    first = try_once(queue_alert(ways=[TEXT]))
    second = try_once(next_of(first))
    assert states() == [("EMAIL", "REPLACED", "SMTP 550"), ("SMS", "SENT", "")]
    assert (second.created_at, second.about) == (first.created_at, first.about)
    assert TWICE not in twilio.made[0]["body"]
    assert not Delivery.objects.filter(possible_duplicate=True).exists()


def test_an_e_mail_that_may_have_been_taken_goes_the_next_way_and_that_says_so(
    queue_alert: QueueAlert, smtp: FakeSmtp, twilio: Twilio
) -> None:
    smtp.then("lost")
    twilio.then("ok")
    second = try_once(next_of(try_once(queue_alert(ways=[TEXT, CALL]))))
    assert states() == [("EMAIL", "REPLACED", "SMTPServerDisconnected"), ("SMS", "SENT", "")]
    assert (len(smtp.received), len(twilio.made)) == (1, 1)
    assert twilio.made[0]["body"].endswith(TWICE)
    assert [each.possible_duplicate for each in second.deliveries.all()] == [True]


def test_nobody_gets_a_third_copy_by_another_way(
    queue_alert: QueueAlert, smtp: FakeSmtp, twilio: Twilio, clock: DatabaseClock
) -> None:
    smtp.then("lost")
    twilio.then("lost", "ok")
    second = try_once(next_of(try_once(queue_alert(ways=[TEXT, CALL]))))
    assert second.state == MessageState.QUEUED
    clock.move_to(job_of(second).due_at)
    assert try_once(second).state == MessageState.SENT
    assert [asked.method for asked in twilio.asked] == ["POST", "GET"], "asked, and not sent again"
    assert (len(smtp.received), len(twilio.made)) == (1, 1)


def test_a_text_that_may_have_been_taken_is_asked_for_before_the_next_way(
    queue_alert: QueueAlert, twilio: Twilio, clock: DatabaseClock
) -> None:
    twilio.then("lost", "ok")
    message = try_once(queue_alert(channel=ChannelName.SMS, to=MOBILE, ways=[CALL]))
    assert message.state == MessageState.QUEUED
    clock.move_to(job_of(message).due_at)
    assert try_once(message).state == MessageState.SENT
    assert (len(twilio.made), Message.objects.count()) == (1, 1)


@pytest.mark.usefixtures("_impatience")
@pytest.mark.parametrize("word", ["451", "silent", "hang"])
def test_an_urgent_message_is_by_its_second_way_within_fifteen_seconds(
    queue_alert: QueueAlert, smtp: FakeSmtp, twilio: Twilio, clock: DatabaseClock, word: str
) -> None:
    smtp.then(word)
    twilio.then("ok")
    began = clock.now()
    message = queue_alert(ways=[TEXT])
    while not Message.objects.filter(channel=ChannelName.SMS).exists():
        clock.move_to(max(clock.now(), job_of(message).due_at))
        try_once(message)
        clock.advance(seconds=SHORT)
    assert clock.now() - began <= timedelta(seconds=15)
    assert try_once(next_of(message)).state == MessageState.SENT
    assert message.tries >= (1 if word == "hang" else 2), "a way that may just be busy has another chance"


@pytest.mark.parametrize(
    ("age", "kind", "ways", "patience"),
    [
        (0, MessageKind.URGENT_LEAD_ALERT, [TEXT], 4),
        (1, MessageKind.URGENT_LEAD_ALERT, [TEXT], 3.5),
        (600, MessageKind.URGENT_LEAD_ALERT, [TEXT], 3),  # most providers answer within that
        (0, MessageKind.URGENT_LEAD_ALERT, [], 10),
        (0, MessageKind.TEST, [TEXT], 10),
    ],
)
def test_an_urgent_message_waits_for_no_provider_as_long_as_another_way_is_left(
    queue_alert: QueueAlert, settings: Any, age: float, kind: MessageKind, ways: list[Way], patience: float
) -> None:
    settings.EMAIL_TIMEOUT = 10
    context = {} if kind == MessageKind.TEST else ALERT_CONTEXT
    message = queue_alert(kind=kind, ways=ways, context=context)
    assert patience_of(message, at=message.created_at + timedelta(seconds=age)) == patience


def test_its_channel_has_no_more_patience_than_the_message(
    queue_alert: QueueAlert, smtp: FakeSmtp, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(failover, "SHORTEST_TRY", SHORT)
    settings.EMAIL_TIMEOUT, settings.FAIL_OVER_AFTER = 60, {True: 2 * SHORT, False: 300}
    smtp.then("hang")
    began = time.monotonic()
    message = try_once(queue_alert(ways=[TEXT]))
    assert time.monotonic() - began < IN_TIME
    assert outcomes(message) == [(DeliveryOutcome.AMBIGUOUS, "TimeoutError")]


def test_the_time_that_it_waited_for_its_first_try_counts(
    queue_alert: QueueAlert, smtp: FakeSmtp, clock: DatabaseClock
) -> None:
    """Whoever is to send it was held up: one failure, and the next way takes over."""
    smtp.then("451")
    message = queue_alert(ways=[TEXT])
    clock.advance(seconds=6)
    assert try_once(message).state == MessageState.REPLACED


def test_a_provider_that_asks_for_more_time_than_there_is_is_left(
    queue_alert: QueueAlert, smtp: FakeSmtp, twilio: Twilio
) -> None:
    twilio.then(Reply(429, refusal(20429, 429).said, {"Retry-After": "60"}))
    message = try_once(
        queue_alert(channel=ChannelName.SMS, to=MOBILE, ways=[Way(ChannelName.EMAIL, "a@b.example")])
    )
    assert message.state == MessageState.REPLACED
    assert try_once(next_of(message)).state == MessageState.SENT


def test_what_is_not_urgent_gives_its_first_way_five_minutes(
    queue_alert: QueueAlert, smtp: FakeSmtp, twilio: Twilio, clock: DatabaseClock
) -> None:
    smtp.then("451")
    twilio.then("ok")
    began = clock.now()
    message = queue_alert(kind=MessageKind.TEST, context={}, ways=[TEXT])
    while not Message.objects.filter(instead_of=message).exists():
        clock.move_to(max(clock.now(), job_of(message).due_at))
        try_once(message)
    assert timedelta(minutes=1) < clock.now() - began < timedelta(minutes=5)
    assert try_once(next_of(message)).state == MessageState.SENT


# --- where all of them end


def test_the_last_way_keeps_trying_and_then_stands_on_the_list(
    queue_alert: QueueAlert, smtp: FakeSmtp, twilio: Twilio
) -> None:
    smtp.then("rcpt 550")
    twilio.then(refusal(21614), refusal(13224))
    first = try_once(queue_alert(ways=[TEXT, CALL]))
    last = try_once(next_of(try_once(next_of(first))))
    assert (last.channel, last.state, last.why) == ("VOICE", "FAILED", "Twilio 13224")
    assert [state for _, state, _ in states()] == ["REPLACED", "REPLACED", "FAILED"]


def test_a_way_that_was_only_out_of_order_is_taken_up_again_when_the_others_refuse(
    queue_alert: QueueAlert, smtp: FakeSmtp, twilio: Twilio, clock: DatabaseClock
) -> None:
    smtp.then("451", "451", "451", "451", "accept")
    twilio.then(refusal(21614))
    message = queue_alert(ways=[TEXT])
    settle(message, clock)
    settle(next_of(message), clock)
    assert states() == [("EMAIL", "QUEUED", ""), ("SMS", "REPLACED", "Twilio 21614")]
    message.refresh_from_db()
    assert settle(message, clock).state == MessageState.SENT
    assert len(smtp.received) == 1


def test_sent_again_by_hand_is_sent_by_the_way_that_failed(
    queue_alert: QueueAlert, smtp: FakeSmtp, twilio: Twilio, clock: DatabaseClock
) -> None:
    smtp.then("rcpt 550")
    twilio.then(refusal(21614), "ok")
    failed = try_once(next_of(try_once(queue_alert(ways=[TEXT]))))
    resend_message(message=failed, at=clock.now())
    assert try_once(failed).state == MessageState.SENT
    assert (len(smtp.received), len(twilio.made)) == (0, 1)


def test_a_message_that_kills_whoever_sends_it_goes_the_next_way(
    queue_alert: QueueAlert, smtp: FakeSmtp, twilio: Twilio
) -> None:
    twilio.then("ok")
    message = queue_alert(ways=[TEXT])
    Delivery.objects.create(message=message, started_at=message.created_at)
    Message.objects.update(tries=TRIES)
    Job.objects.filter(subject=message.pk).update(attempts=TRIES)
    assert run(job_of(message)).dead_at
    second = try_once(next_of(message))
    assert (second.state, second.possible_duplicate) == (MessageState.SENT, True)
    assert states()[0] == ("EMAIL", "REPLACED", Why.PROCESS_LOST)
    assert smtp.received == []


def test_without_another_way_it_stands_on_the_list_and_its_last_try_is_over(queue_alert: QueueAlert) -> None:
    message = queue_alert()
    Delivery.objects.create(message=message, started_at=message.created_at)
    Job.objects.filter(subject=message.pk).update(attempts=TRIES)
    assert run(job_of(message)).dead_at
    message.refresh_from_db()
    assert (message.state, message.why) == (MessageState.FAILED, Why.PROCESS_LOST)
    assert outcomes(message) == [(DeliveryOutcome.INTERRUPTED, "")]


# --- once each, and to whom it is allowed


def test_the_same_key_leads_to_one_message_by_each_way(
    queue_alert: QueueAlert, smtp: FakeSmtp, twilio: Twilio
) -> None:
    smtp.then("rcpt 550")
    twilio.then("ok")
    first = queue_alert(dedupe_key="step-1:robin", ways=[TEXT])
    try_once(next_of(try_once(first)))
    assert queue_alert(dedupe_key="step-1:robin", ways=[TEXT]) == first
    assert Message.objects.count() == 2


def test_messages_by_several_ways_at_once_share_the_way_that_is_left(
    queue_alert: QueueAlert, smtp: FakeSmtp, twilio: Twilio, clock: DatabaseClock
) -> None:
    smtp.then("rcpt 550")
    twilio.then(refusal(21614), "ok")
    lead, at = uuid4(), clock.now()
    mail = try_once(queue_alert(about=lead, at=at, ways=[CALL]))
    text = try_once(queue_alert(about=lead, at=at, ways=[CALL], channel=ChannelName.SMS, to=MOBILE))
    assert (mail.state, text.state) == (MessageState.REPLACED, MessageState.REPLACED)
    call = Message.objects.get(channel=ChannelName.VOICE)
    assert try_once(call).state == MessageState.SENT

    later = queue_alert(about=lead, at=clock.advance(seconds=300), ways=[CALL])
    assert next_of(try_once(later)) != call, "the next step is another message"


def test_alerts_about_different_things_share_nothing(
    queue_alert: QueueAlert, smtp: FakeSmtp, twilio: Twilio
) -> None:
    smtp.then("rcpt 550")
    for about in (uuid4(), uuid4(), None, None):
        try_once(queue_alert(about=about, ways=[CALL]))
    assert Message.objects.filter(channel=ChannelName.VOICE).count() == 4


@pytest.mark.parametrize("change", [{"ways": [TEXT]}, {"channel": ChannelName.VOICE}])
def test_what_is_safe_for_a_caller_is_one_way_and_no_other(
    queue_alert: QueueAlert, change: dict[str, Any]
) -> None:
    with pytest.raises(ChannelRefused):
        queue_alert(
            kind=MessageKind.CALLER_OPEN_DOOR,
            context={"reference": "7KX3-9QF2", "phone": "01632 960000", "voice": "self"},
            **change,
        )


# --- what providers report of it later


def test_a_receipt_that_the_first_way_arrived_stops_the_next_one(
    queue_alert: QueueAlert, smtp: FakeSmtp, twilio: Twilio
) -> None:
    twilio.then("lost", "lost")
    first = queue_alert(channel=ChannelName.SMS, to=MOBILE, ways=[EMAIL])
    for _ in range(2):
        settle(first, steps=1)
    assert first.state == MessageState.REPLACED
    report(first, sid=twilio.made[0]["sid"], MessageStatus="delivered")
    first.refresh_from_db()
    assert (first.state, first.delivered_at is not None) == (MessageState.SENT, True)
    assert states()[1] == ("EMAIL", "CANCELLED", Why.ARRIVED_BEFORE)


def test_a_text_that_did_not_arrive_goes_the_next_way(
    queue_alert: QueueAlert, smtp: FakeSmtp, twilio: Twilio
) -> None:
    smtp.then("accept")
    twilio.then("ok")
    first = try_once(queue_alert(channel=ChannelName.SMS, to=MOBILE, ways=[EMAIL]))
    for _ in range(2):  # receipts come twice
        report(first, sid=twilio.made[0]["sid"], MessageStatus="undelivered")
    second = try_once(next_of(first))
    assert (second.state, second.possible_duplicate) == (MessageState.SENT, False)
    assert outcomes(first) == [(DeliveryOutcome.UNDELIVERED, "")]
    assert len(smtp.received) == 1
