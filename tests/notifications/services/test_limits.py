"""What is too much waits, with the reason, and goes out later. A person's first urgent alert never waits."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from notifications.enums import ChannelName, MessageKind, MessageState, Why
from notifications.models import Message, Pace
from tests.clock import DatabaseClock
from tests.notifications.conftest import QueueAlert
from tests.notifications.smtp import FakeSmtp
from tests.notifications.work import job_of, settle, try_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(database_clock: DatabaseClock) -> DatabaseClock:
    database_clock.stop()
    return database_clock


@pytest.fixture
def routine(queue_alert: QueueAlert) -> QueueAlert:
    return lambda **changes: queue_alert(kind=MessageKind.TEST, context={}, **changes)


def test_more_than_a_person_is_to_get_waits_until_the_oldest_is_an_hour_old(
    routine: QueueAlert, smtp: FakeSmtp, settings: Any, clock: DatabaseClock
) -> None:
    settings.RECIPIENT_LIMITS = {"EMAIL": (2, 600)}
    first_at = clock.now()
    assert try_once(routine()).state == MessageState.SENT
    clock.advance(seconds=100)
    assert try_once(routine()).state == MessageState.SENT
    third = try_once(routine())
    assert (third.state, third.tries, third.why) == (MessageState.QUEUED, 0, Why.RECIPIENT_LIMIT)
    assert third.held_until == first_at + timedelta(seconds=600)
    assert job_of(third).attempts == 0
    assert try_once(routine(to="somebody.else@example.org")).state == MessageState.SENT
    assert settle(third, clock).state == MessageState.SENT
    assert (third.why, third.held_until) == ("", None)


def test_the_first_urgent_alert_about_each_thing_never_waits(
    queue_alert: QueueAlert, routine: QueueAlert, smtp: FakeSmtp, settings: Any
) -> None:
    settings.RECIPIENT_LIMITS = {"EMAIL": (1, 3600)}
    settings.PROVIDER_LIMITS = {"EMAIL": (1, 3600)}
    try_once(routine())
    lead, other = uuid4(), uuid4()
    assert try_once(queue_alert(about=lead)).state == MessageState.SENT
    assert try_once(queue_alert(about=other)).state == MessageState.SENT
    assert try_once(queue_alert(about=lead, to="kim@example.org")).state == MessageState.SENT
    again = try_once(queue_alert(about=lead))
    assert (again.state, again.why) == (MessageState.QUEUED, Why.RECIPIENT_LIMIT)


def test_a_provider_gets_as_many_as_it_takes_and_each_message_has_its_place(
    routine: QueueAlert, smtp: FakeSmtp, settings: Any, clock: DatabaseClock
) -> None:
    settings.PROVIDER_LIMITS = {"EMAIL": (2, 1)}
    began = clock.now()
    messages = [try_once(routine(to=f"person{number}@example.org")) for number in range(6)]
    assert [message.state for message in messages] == ["SENT", "SENT", *["QUEUED"] * 4]
    assert {message.why for message in messages[2:]} == {Why.PROVIDER_LIMIT}
    waits = [(message.held_until - began).total_seconds() for message in messages[2:] if message.held_until]
    assert waits == [0.5, 1.0, 1.5, 2.0]
    for message in messages[2:]:
        assert settle(message, clock, steps=1).state == MessageState.SENT, "once it waited, it does not again"
    assert len(smtp.received) == 6


def test_a_provider_that_was_idle_takes_no_more_at_once_than_before(
    routine: QueueAlert, smtp: FakeSmtp, settings: Any, clock: DatabaseClock
) -> None:
    settings.PROVIDER_LIMITS = {"EMAIL": (2, 1)}
    Pace.objects.create(channel=ChannelName.EMAIL, next_at=clock.now() - timedelta(days=1))
    states = [try_once(routine()).state for _ in range(3)]
    assert states == ["SENT", "SENT", "QUEUED"]


def test_a_try_that_failed_needs_a_place_of_its_own(
    routine: QueueAlert, smtp: FakeSmtp, settings: Any, clock: DatabaseClock
) -> None:
    settings.PROVIDER_LIMITS = {"EMAIL": (1, 60)}
    smtp.then("451", "accept")
    message = try_once(routine())
    clock.move_to(job_of(message).due_at)
    assert try_once(message).why == Why.PROVIDER_LIMIT
    assert settle(message, clock).state == MessageState.SENT


def test_one_address_is_the_same_however_it_is_written(
    routine: QueueAlert, smtp: FakeSmtp, settings: Any
) -> None:
    settings.RECIPIENT_LIMITS = {"EMAIL": (1, 3600)}
    try_once(routine(to="Robin@example.org"))
    assert try_once(routine(to="robin@Example.org ")).why == Why.RECIPIENT_LIMIT


def test_an_address_is_nowhere_in_clear(routine: QueueAlert) -> None:
    message = routine()
    row = Message.objects.filter(pk=message.pk).values_list("recipient", flat=True).get()
    assert isinstance(row, int)
