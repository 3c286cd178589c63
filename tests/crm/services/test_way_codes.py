"""A code shows whose a number is: good for ten minutes and five tries, sent so often only, kept as a hash."""

from datetime import timedelta
from typing import Any

import pytest

from crm.enums import LossOfWay, WayCheckKind
from crm.models import StaffChannel, User, WayCheck
from crm.refusals import CodeOver, CodeWrong, TooManyCodes, TooManyWays
from crm.selectors.ways import ways_to
from crm.services.staff_ways import MOST, add_way, remove_way
from crm.services.way_codes import MOST_A_PERSON, MOST_AN_ADDRESS, confirm_code, send_code
from jobs.clock import database_now
from notifications.enums import ChannelName, MessageState
from notifications.models import Message
from tests.clock import DatabaseClock
from tests.factories import StaffChannelFactory, UserFactory
from tests.notifications.peers.twilio import Twilio
from tests.notifications.work import settle

SMS, VOICE, PUSH = ChannelName.SMS, ChannelName.VOICE, ChannelName.PUSH
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
def way(user: User) -> StaffChannel:
    return add_way(user=user, channel=SMS, address=NUMBER, name="", at=database_now())


def sent(check: WayCheck) -> str:
    assert check.message is not None
    return str(check.message.context["code"])


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_nothing_goes_there_before_the_code(way: StaffChannel, user: User) -> None:
    send_code(way=way, at=database_now())
    assert SMS not in ways_to([user])[user]


def test_the_code_opens_the_way(way: StaffChannel, user: User) -> None:
    at = database_now()
    confirm_code(way=way, code=sent(send_code(way=way, at=at)), at=at)
    assert ways_to([user])[user][SMS] == (NUMBER,)
    way.refresh_from_db()
    assert way.verified_at == way.confirmed_at == at


def test_a_code_is_six_digits_by_the_way_itself_and_kept_as_a_hash(way: StaffChannel) -> None:
    check = send_code(way=way, at=database_now())
    message = Message.objects.get()
    assert (message.channel, message.to, len(sent(check))) == (SMS, NUMBER, 6)
    assert sent(check) not in check.code_hash
    assert len(check.code_hash) == 64


def test_a_wrong_code_opens_nothing_and_the_right_one_still_does(way: StaffChannel, user: User) -> None:
    at = database_now()
    code = sent(send_code(way=way, at=at))
    with pytest.raises(CodeWrong):
        confirm_code(way=way, code=other_than(code), at=at)
    assert SMS not in ways_to([user])[user]
    confirm_code(way=way, code=code, at=at)
    assert SMS in ways_to([user])[user]


def test_five_wrong_codes_and_the_right_one_is_no_longer_good(way: StaffChannel) -> None:
    at = database_now()
    code = sent(send_code(way=way, at=at))
    for refusal in (CodeWrong, CodeWrong, CodeWrong, CodeWrong, CodeOver, CodeOver):
        with pytest.raises(refusal):
            confirm_code(way=way, code=other_than(code), at=at)
    with pytest.raises(CodeOver):
        confirm_code(way=way, code=code, at=at)


def test_it_is_good_for_ten_minutes(way: StaffChannel) -> None:
    at = database_now()
    code = sent(send_code(way=way, at=at))
    with pytest.raises(CodeOver):
        confirm_code(way=way, code=code, at=at + 10 * MINUTE)
    confirm_code(way=way, code=code, at=at + 10 * MINUTE - timedelta(seconds=1))


def test_a_newer_code_takes_the_place_of_the_one_before(way: StaffChannel) -> None:
    at = database_now()
    first = sent(send_code(way=way, at=at))
    second = sent(send_code(way=way, at=at + MINUTE))
    if first != second:
        with pytest.raises(CodeWrong):
            confirm_code(way=way, code=first, at=at + MINUTE)
    confirm_code(way=way, code=second, at=at + MINUTE)


def test_it_opens_once(way: StaffChannel) -> None:
    at = database_now()
    code = sent(send_code(way=way, at=at))
    confirm_code(way=way, code=code, at=at)
    with pytest.raises(CodeOver):
        confirm_code(way=way, code=code, at=at)


@pytest.mark.parametrize("code", ["", "1", "0" * 400, "'; --"])
def test_whatever_is_typed_is_only_wrong(way: StaffChannel, code: str) -> None:
    send_code(way=way, at=database_now())
    with pytest.raises(CodeWrong):
        confirm_code(way=way, code=code, at=database_now())


def test_without_a_code_there_is_none_to_confirm(way: StaffChannel) -> None:
    with pytest.raises(CodeOver):
        confirm_code(way=way, code="123456", at=database_now())


def test_one_number_gets_so_many_codes_an_hour_whoever_asks(way: StaffChannel) -> None:
    at = database_now()
    for _ in range(MOST_AN_ADDRESS):
        send_code(way=way, at=at)
    other = StaffChannelFactory(address=NUMBER, verified_at=None)
    for each in (way, other):
        with pytest.raises(TooManyCodes):
            send_code(way=each, at=at)
    send_code(way=other, at=at + 61 * MINUTE)


def test_removing_a_number_and_adding_it_again_is_no_way_round(way: StaffChannel, user: User) -> None:
    at = database_now()
    for _ in range(MOST_AN_ADDRESS):
        way = add_way(user=user, channel=SMS, address=NUMBER, name="", at=at)
        send_code(way=way, at=at)
        remove_way(way=way, at=at)
    again = add_way(user=user, channel=SMS, address=NUMBER, name="", at=at)
    with pytest.raises(TooManyCodes):
        send_code(way=again, at=at)


def test_one_person_asks_for_so_many_an_hour(user: User) -> None:
    at = database_now()
    ways = [StaffChannelFactory(user=user, verified_at=None) for _ in range(MOST_A_PERSON + 1)]
    for each in ways[:-1]:
        send_code(way=each, at=at)
    with pytest.raises(TooManyCodes):
        send_code(way=ways[-1], at=at)
    assert WayCheck.objects.filter(kind=WayCheckKind.CODE).count() == MOST_A_PERSON


def test_one_person_has_so_many_ways(user: User) -> None:
    for _ in range(MOST):
        StaffChannelFactory(user=user)
    with pytest.raises(TooManyWays):
        add_way(user=user, channel=SMS, address=NUMBER, name="", at=database_now())


def test_what_is_added_twice_is_there_once(way: StaffChannel, user: User) -> None:
    assert add_way(user=user, channel=SMS, address=NUMBER, name="", at=database_now()) == way


def test_what_was_lost_has_to_be_shown_anew(user: User) -> None:
    lost = StaffChannelFactory(user=user, address=NUMBER, lost_at=database_now(), lost_why=LossOfWay.STOPPED)
    again = add_way(user=user, channel=SMS, address=NUMBER, name="", at=database_now())
    assert (again.pk, again.lost_why, again.verified_at) == (lost.pk, "", None)


def test_a_browser_goes_to_whoever_signed_in_there_last(user: User) -> None:
    before = StaffChannelFactory(channel=PUSH, address="browser")
    mine = add_way(user=user, channel=PUSH, address="browser", name="Firefox", at=database_now())
    assert list(StaffChannel.objects.all()) == [mine]
    assert PUSH not in ways_to([before.user])[before.user]


@pytest.mark.parametrize("channel", [SMS, VOICE])
def test_the_provider_is_asked_to_say_it(
    user: User, twilio: Twilio, database_clock: DatabaseClock, channel: ChannelName
) -> None:
    database_clock.stop()
    twilio.then("ok")
    way = add_way(user=user, channel=channel, address=NUMBER, name="", at=database_now())
    check = send_code(way=way, at=database_now())
    assert settle(Message.objects.get(), database_clock).state == MessageState.SENT
    form = twilio.form(twilio.asked[-1])
    said = form["Body"][0] if channel == SMS else form["Twiml"][0]
    code = sent(check) if channel == SMS else ", ".join(sent(check))
    assert code in said
    assert "alert for the person on call" not in said
