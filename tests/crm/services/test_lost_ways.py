"""A number or browser that is no more is not used again, its owner knows, and nobody else loses anything."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from crm.enums import LossOfWay
from crm.models import PhoneLine, PhoneText, Site, StaffChannel
from crm.selectors.ways import ways_to
from crm.services.lost_ways import lose_ways
from crm.services.phone_texts import note_text
from crm.services.staff_ways import add_way, remove_way
from crm.services.way_codes import confirm_code, send_code
from crm.telephony.news import TextNews, keyword_of
from jobs.clock import database_now
from notifications.channels.push import Subscription
from notifications.enums import ChannelName, MessageKind, MessageState, Why
from notifications.guards import tell_of_gone, tell_of_stop
from notifications.models import Message
from notifications.services.outbox import Way
from tests.clock import DatabaseClock
from tests.factories import StaffChannelFactory
from tests.factories.phone import NUMBER, PhoneLineFactory
from tests.notifications.conftest import QueueAlert
from tests.notifications.peers.twilio import Twilio, refusal
from tests.notifications.smtp import FakeSmtp
from tests.notifications.work import settle, try_once

EMAIL, SMS, VOICE, PUSH = ChannelName.EMAIL, ChannelName.SMS, ChannelName.VOICE, ChannelName.PUSH
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def every_channel(settings: Any) -> None:
    settings.SMS_CHANNEL = settings.VOICE_CHANNEL = settings.PUSH_CHANNEL = "file"


@pytest.fixture
def at() -> datetime:
    return database_now()


@pytest.fixture
def way() -> StaffChannel:
    way: StaffChannel = StaffChannelFactory(address=NUMBER)
    return way


@pytest.fixture
def line(site: Site) -> PhoneLine:
    line: PhoneLine = PhoneLineFactory(site=site)
    return line


def text(line: PhoneLine, words: str) -> PhoneText:
    news = TextNews(words, NUMBER, words, keyword_of(words))
    return note_text(line=line, news=news, at=database_now())


def test_stop_stops_texts_and_not_calls(way: StaffChannel, at: datetime) -> None:
    StaffChannelFactory(user=way.user, channel=VOICE, address=NUMBER)
    tell_of_stop(SMS, to=NUMBER, at=at)
    assert set(ways_to([way.user])[way.user]) == {EMAIL, VOICE}


def test_its_owner_is_told_once_without_the_number(way: StaffChannel, at: datetime) -> None:
    for _ in range(2):
        tell_of_stop(SMS, to=NUMBER, at=at)
    told = Message.objects.get()
    assert (told.kind, told.to, told.context["way"]) == (MessageKind.WAY_LOST, way.user.email, "text")
    assert "7700" not in str(told.context)


def test_its_owner_is_told_by_what_is_left_when_email_fails(way: StaffChannel, at: datetime) -> None:
    StaffChannelFactory(user=way.user, channel=VOICE, address="+447700900999")
    tell_of_gone(SMS, to=NUMBER, at=at)
    assert Message.objects.get().ways == [{"channel": "VOICE", "to": "+447700900999"}]


def test_whoever_left_or_never_verified_it_is_not_told(way: StaffChannel, at: datetime) -> None:
    StaffChannelFactory(address=NUMBER, verified_at=None)
    way.user.is_active = False
    way.user.save()
    assert lose_ways(SMS, NUMBER, why=LossOfWay.GONE, at=at) == 2
    assert not Message.objects.exists()


def test_of_somebody_elses_number_nothing_is_lost(way: StaffChannel, at: datetime) -> None:
    tell_of_gone(SMS, to="+447700900999", at=at)
    way.refresh_from_db()
    assert way.is_in_use


def test_a_browser_that_is_gone_is_lost_and_the_other_stays(at: datetime) -> None:
    gone, stays = (Subscription(f"https://push.example/{n}", "key", "auth").write() for n in (1, 2))
    way = StaffChannelFactory(channel=PUSH, address=gone)
    StaffChannelFactory(user=way.user, channel=PUSH, address=stays)
    tell_of_gone(PUSH, to=gone, at=at)
    assert ways_to([way.user])[way.user][PUSH] == (stays,)


@pytest.mark.parametrize("words", ["STOP", "Unsubscribe"])
def test_a_stop_that_is_texted_to_us_is_obeyed_and_needs_no_reading(
    way: StaffChannel, line: PhoneLine, words: str
) -> None:
    received = text(line, words)
    way.refresh_from_db()
    assert way.lost_why == LossOfWay.STOPPED
    assert received.settled_at is not None


def test_start_undoes_stop(way: StaffChannel, line: PhoneLine) -> None:
    text(line, "STOP")
    received = text(line, "START")
    way.refresh_from_db()
    assert way.is_in_use
    assert received.settled_at is not None


def test_start_does_not_bring_back_a_number_that_is_gone(way: StaffChannel, line: PhoneLine) -> None:
    tell_of_gone(SMS, to=NUMBER, at=database_now())
    text(line, "START")
    way.refresh_from_db()
    assert way.lost_why == LossOfWay.GONE


def test_a_stop_from_a_stranger_is_left_for_a_person(line: PhoneLine) -> None:
    assert text(line, "STOP").settled_at is None


@pytest.mark.parametrize(("code", "why"), [(21610, LossOfWay.STOPPED), (21614, LossOfWay.GONE)])
def test_what_the_provider_refuses_for_good_is_lost_and_the_alert_goes_by_email(
    way: StaffChannel,
    queue_alert: QueueAlert,
    twilio: Twilio,
    code: int,
    why: LossOfWay,
    database_clock: DatabaseClock,
) -> None:
    twilio.then(refusal(code))
    message = queue_alert(to=NUMBER, channel=SMS, ways=[Way(EMAIL, way.user.email)])
    settle(message, database_clock)
    way.refresh_from_db()
    assert way.lost_why == why
    following = Message.objects.get(instead_of=message)
    assert (following.channel, following.to) == (EMAIL, way.user.email)


# --- what is on its way when an address is taken back


def stop(way: StaffChannel, at: datetime) -> None:
    tell_of_stop(SMS, to=way.address, at=at)


def remove(way: StaffChannel, at: datetime) -> None:
    remove_way(way=way, at=at)


NO_MORE = pytest.mark.parametrize("end", [stop, remove])
End = Callable[[StaffChannel, datetime], None]


@NO_MORE
def test_what_waits_to_go_there_takes_the_next_way(
    way: StaffChannel, queue_alert: QueueAlert, twilio: Twilio, at: datetime, end: End
) -> None:
    message = queue_alert(to=NUMBER, channel=SMS, ways=[Way(EMAIL, way.user.email)])
    end(way, at)
    assert try_once(message).state == MessageState.REPLACED
    assert message.why == Why.WAY_ENDED
    following = Message.objects.get(instead_of=message)
    assert (try_once(following).state, following.to) == (MessageState.SENT, way.user.email)
    assert not twilio.asked


@NO_MORE
def test_a_next_way_that_has_ended_is_passed_over(
    way: StaffChannel, queue_alert: QueueAlert, smtp: FakeSmtp, twilio: Twilio, at: datetime, end: End
) -> None:
    twilio.then("ok")
    call = StaffChannelFactory(user=way.user, channel=VOICE, address="+447700900999")
    message = queue_alert(to=way.user.email, ways=[Way(SMS, NUMBER), Way(VOICE, call.address)])
    end(way, at)
    smtp.then("rcpt 550")
    try_once(message)
    passed_over = try_once(Message.objects.get(instead_of=message))
    assert (passed_over.channel, passed_over.why) == (SMS, Why.WAY_ENDED)
    assert try_once(Message.objects.get(instead_of=passed_over)).state == MessageState.SENT
    assert [each["to"] for each in twilio.made] == [call.address]


@NO_MORE
def test_a_message_without_another_way_is_not_sent_there(
    way: StaffChannel, queue_alert: QueueAlert, twilio: Twilio, at: datetime, end: End
) -> None:
    message = queue_alert(to=NUMBER, channel=SMS)
    end(way, at)
    try_once(message)
    assert (message.state, message.why) == (MessageState.CANCELLED, Why.WAY_ENDED)
    assert not twilio.asked


def test_a_number_that_two_share_stays_in_use_for_the_other(
    way: StaffChannel, queue_alert: QueueAlert, at: datetime
) -> None:
    StaffChannelFactory(address=NUMBER)
    message = queue_alert(to=NUMBER, channel=SMS)
    remove_way(way=way, at=at)
    assert try_once(message).state == MessageState.SENT


def test_one_that_is_added_again_gets_its_code_and_then_alerts(
    way: StaffChannel, queue_alert: QueueAlert, at: datetime
) -> None:
    remove_way(way=way, at=at)
    again = add_way(user=way.user, channel=SMS, address=NUMBER, name="", at=at)
    code = send_code(way=again, at=at).message
    assert code is not None
    assert try_once(code).state == MessageState.SENT
    assert try_once(queue_alert(to=NUMBER, channel=SMS)).state == MessageState.CANCELLED, "not verified yet"
    confirm_code(way=again, code=code.context["code"], at=at)
    assert try_once(queue_alert(to=NUMBER, channel=SMS)).state == MessageState.SENT
