"""Tests by each way, marked as such, and the word of whoever got them; what fails is noted while it does."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from crm.enums import LossOfWay, WayCheckKind
from crm.models import User, WayCheck
from crm.refusals import JustTested, OverByNow
from crm.selectors.my_ways import my_ways
from crm.services.way_checks import note_that_it_came, try_own_ways
from jobs.clock import database_now
from notifications.enums import ChannelName, MessageKind, MessageState
from notifications.hooks.receipts import Receipt, ReceiptState
from notifications.models import Message
from notifications.services.receipts import note_receipts
from tests.clock import DatabaseClock
from tests.factories import StaffChannelFactory, UserFactory
from tests.notifications.peers.twilio import Twilio, refusal
from tests.notifications.work import settle

EMAIL, SMS, VOICE, PUSH = ChannelName.EMAIL, ChannelName.SMS, ChannelName.VOICE, ChannelName.PUSH
NUMBER = "+447700900123"
MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def every_channel(settings: Any) -> None:
    settings.SMS_CHANNEL = settings.VOICE_CHANNEL = settings.PUSH_CHANNEL = "file"


@pytest.fixture
def user(db: None) -> User:
    user: User = UserFactory()
    return user


@pytest.fixture
def at() -> datetime:
    return database_now()


def words(user: User, at: datetime) -> list[str]:
    return [each.result.words if each.result else "" for each in my_ways(user, at)]


def test_a_test_goes_by_every_way_in_use_and_no_other(user: User, at: datetime) -> None:
    StaffChannelFactory(user=user, address=NUMBER)
    StaffChannelFactory(user=user, channel=VOICE, address=NUMBER, verified_at=None)
    StaffChannelFactory(user=user, lost_at=at, lost_why=LossOfWay.GONE)
    StaffChannelFactory()
    try_own_ways(user=user, at=at)
    sent = Message.objects.order_by("created_at", "pk").values_list("channel", "kind", "ways")
    assert sorted(sent) == [(EMAIL, MessageKind.WAY_TEST, None), (SMS, MessageKind.WAY_TEST, None)]


def test_one_at_a_time(user: User, at: datetime) -> None:
    try_own_ways(user=user, at=at)
    with pytest.raises(JustTested):
        try_own_ways(user=user, at=at + timedelta(seconds=59))
    try_own_ways(user=user, at=at + MINUTE)
    assert Message.objects.count() == 2


def test_whoever_got_it_says_so(user: User, at: datetime) -> None:
    way = StaffChannelFactory(user=user, failing_since=at, failing_why="Timeout")
    by_text = try_own_ways(user=user, at=at)[1]
    note_that_it_came(check=by_text, at=at + MINUTE)
    way.refresh_from_db()
    assert (way.confirmed_at, way.failing_since) == (at + MINUTE, None)
    assert words(user, at + MINUTE)[1] == "you said that it came"


def test_it_is_said_once_and_not_too_late(user: User, at: datetime) -> None:
    (first,) = try_own_ways(user=user, at=at)
    with pytest.raises(OverByNow):
        note_that_it_came(check=first, at=at + 60 * MINUTE)
    note_that_it_came(check=first, at=at + 59 * MINUTE)
    first.refresh_from_db()
    note_that_it_came(check=first, at=at + 90 * MINUTE)
    assert WayCheck.objects.get().confirmed_at == at + 59 * MINUTE


def test_a_code_is_confirmed_by_typing_it_only(user: User, at: datetime) -> None:
    check = try_own_ways(user=user, at=at)[0]
    WayCheck.objects.update(kind=WayCheckKind.CODE, code_hash="0" * 64)
    check.refresh_from_db()
    with pytest.raises(OverByNow):
        note_that_it_came(check=check, at=at)


def test_the_page_shows_what_the_provider_says(
    user: User, twilio: Twilio, database_clock: DatabaseClock
) -> None:
    database_clock.stop()
    StaffChannelFactory(user=user, address=NUMBER)
    at = database_now()
    try_own_ways(user=user, at=at)
    text = Message.objects.get(channel=SMS)
    assert words(user, at)[1] == "on its way"
    twilio.then("ok")
    settle(text, database_clock)
    assert words(user, at)[1] == "sent"
    sid = twilio.made[0]["sid"]
    note_receipts(receipts=[Receipt(sid, ReceiptState.DELIVERED)], provider="twilio", at=database_now())
    assert words(user, at)[1] == "arrived, says its provider"


def test_the_page_says_why_it_failed(user: User, twilio: Twilio, database_clock: DatabaseClock) -> None:
    database_clock.stop()
    StaffChannelFactory(user=user, address=NUMBER)
    try_own_ways(user=user, at=database_now())
    twilio.then(refusal(21610))
    settle(Message.objects.get(channel=SMS), database_clock)
    shown = my_ways(user, database_now())[1]
    assert shown.result is not None
    assert shown.result.words == "did not go out: they told us to stop"
    assert (shown.result.state, shown.result.can_be_confirmed) == ("bad", False)
    assert shown.way is not None
    assert shown.way.lost_why == LossOfWay.STOPPED


def test_what_does_not_arrive_is_noted_until_something_does(
    user: User, twilio: Twilio, database_clock: DatabaseClock
) -> None:
    database_clock.stop()
    way = StaffChannelFactory(user=user, address=NUMBER)
    for state in (ReceiptState.FAILED, ReceiptState.DELIVERED):
        database_clock.advance(by=MINUTE)
        try_own_ways(user=user, at=database_now())
        twilio.then("ok")
        settle(Message.objects.filter(channel=SMS, state=MessageState.QUEUED).get(), database_clock)
        report = Receipt(twilio.made[0]["sid"], state, "Twilio 30008")
        note_receipts(receipts=[report], provider="twilio", at=database_now())
        way.refresh_from_db()
        assert bool(way.failing_since) == (state == ReceiptState.FAILED)


def test_a_call_that_nobody_picks_up_says_nothing_about_the_number(
    user: User, twilio: Twilio, database_clock: DatabaseClock
) -> None:
    database_clock.stop()
    way = StaffChannelFactory(user=user, channel=VOICE, address=NUMBER)
    try_own_ways(user=user, at=database_now())
    twilio.then("ok")
    settle(Message.objects.get(channel=VOICE), database_clock)
    report = Receipt(twilio.made[0]["sid"], ReceiptState.FAILED, "no-answer")
    note_receipts(receipts=[report], provider="twilio", at=database_now())
    way.refresh_from_db()
    assert way.failing_since is None
