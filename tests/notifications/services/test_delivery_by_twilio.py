"""Messages by a provider that says when to come again, hangs after taking one, and knows who texted STOP."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from notifications import guards
from notifications.enums import ChannelName, DeliveryOutcome, MessageState
from notifications.models import Delivery, Message
from notifications.services.endings import LONGEST_WAIT, TRIES
from notifications.services.outbox import resend_message
from tests.clock import DatabaseClock
from tests.notifications.patience import SHORT
from tests.notifications.peers.server import Reply
from tests.notifications.peers.twilio import Twilio, refusal
from tests.notifications.work import job_of, outcomes, try_once

pytestmark = pytest.mark.django_db

TO = "+447700900123"


@pytest.fixture(autouse=True)
def clock(database_clock: DatabaseClock) -> DatabaseClock:
    database_clock.stop()
    return database_clock


@pytest.fixture
def stops() -> Iterator[list[tuple[ChannelName, str, datetime]]]:
    """Whom a provider said to have stopped."""
    told: list[tuple[ChannelName, str, datetime]] = []
    guards.on_stop("test", lambda *what: told.append(what))
    yield told
    guards.on_stop("test", lambda *_: None)


def test_what_the_provider_calls_it_is_kept(text: Message, twilio: Twilio) -> None:
    twilio.then("ok")
    assert try_once(text).state == MessageState.SENT
    assert Delivery.objects.get().provider_id == twilio.made[0]["sid"]


def test_the_provider_is_told_for_how_long_a_message_is_of_use(
    text: Message, twilio: Twilio, clock: DatabaseClock
) -> None:
    Message.objects.update(expires_at=clock.now() + timedelta(seconds=90))
    twilio.then("ok")
    try_once(text)
    assert twilio.form(twilio.asked[0])["ValidityPeriod"] == ["90"]


@pytest.mark.parametrize(
    ("asked_for", "pause"),
    [("0", timedelta(seconds=1)), ("45", timedelta(seconds=45)), ("3600", LONGEST_WAIT)],
)
def test_the_next_try_is_when_the_provider_says_and_each_try_counts(
    text: Message, twilio: Twilio, clock: DatabaseClock, asked_for: str, pause: timedelta
) -> None:
    answer = refusal(20429, 429)
    twilio.then(Reply(answer.status, answer.said, {"Retry-After": asked_for}))
    assert (try_once(text).state, text.tries) == (MessageState.QUEUED, 1)
    assert job_of(text).due_at == clock.now() + pause
    assert outcomes(text) == [(DeliveryOutcome.TRANSIENT_ERROR, "Twilio 20429")]


def test_a_text_that_was_taken_before_the_silence_is_sent_once(
    text: Message, twilio: Twilio, clock: DatabaseClock, settings: Any
) -> None:
    settings.OUTGOING_TIMEOUT = SHORT
    twilio.then("hang", "ok")
    assert try_once(text).state == MessageState.QUEUED
    settings.OUTGOING_TIMEOUT = 10
    clock.move_to(job_of(text).due_at)
    assert try_once(text).state == MessageState.SENT
    assert len(twilio.made) == 1
    assert outcomes(text) == [(DeliveryOutcome.AMBIGUOUS, "TimeoutError"), (DeliveryOutcome.ACCEPTED, "")]
    assert Delivery.objects.get(outcome=DeliveryOutcome.ACCEPTED).provider_id == twilio.made[0]["sid"]


def test_a_try_that_was_interrupted_may_have_been_taken_too(
    text: Message, twilio: Twilio, clock: DatabaseClock
) -> None:
    Message.objects.update(tries=1)
    Delivery.objects.create(message=text, started_at=clock.now())  # a process that was killed meanwhile
    words = "7KX3-9QF2"
    twilio.then("ok")
    twilio.add("messages", To=TO, Body=words)
    twilio.then("ok")
    assert try_once(text).state == MessageState.SENT
    assert [asked.method for asked in twilio.asked] == ["GET", "POST"], "other words: not the same text"


def test_whoever_sends_it_again_by_hand_means_it(text: Message, twilio: Twilio, clock: DatabaseClock) -> None:
    Message.objects.update(tries=TRIES - 1)
    twilio.then("lost", "hangup", "ok", "ok")
    assert try_once(text).state == MessageState.FAILED
    clock.advance(seconds=120)
    resend_message(message=text, at=clock.now())
    assert try_once(text).state == MessageState.QUEUED
    clock.move_to(job_of(text).due_at)
    assert try_once(text).state == MessageState.SENT
    assert len(twilio.made) == 2


def test_a_number_that_is_none_fails_at_once(text: Message, twilio: Twilio) -> None:
    twilio.then(refusal(21614))
    assert try_once(text).state == MessageState.FAILED
    assert outcomes(text) == [(DeliveryOutcome.PERMANENT_ERROR, "Twilio 21614")]


def test_whoever_texted_stop_is_reported_to_those_who_know_people(
    text: Message, twilio: Twilio, clock: DatabaseClock, stops: list[Any]
) -> None:
    twilio.then(refusal(21610))
    assert try_once(text).state == MessageState.FAILED
    assert stops == [(ChannelName.SMS, TO, clock.now())]


def test_other_refusals_are_nobodys_wish(text: Message, twilio: Twilio, stops: list[Any]) -> None:
    twilio.then(refusal(21614))
    try_once(text)
    assert stops == []


def test_a_channel_that_is_off_fails_at_once(text: Message, settings: Any) -> None:
    settings.SMS_CHANNEL = "off"
    assert try_once(text).state == MessageState.FAILED
    assert outcomes(text) == [(DeliveryOutcome.PERMANENT_ERROR, "NotSetUp")]
