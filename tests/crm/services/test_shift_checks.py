"""Before a shift on call each way is tested by day, once a week; managers hear of what was not confirmed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.enums import LossOfWay, Role, WayCheckKind
from crm.models import Shift, Site, StaffChannel, User, WayCheck
from crm.selectors.reach import doubts_about
from crm.services.shift_checks import check_before_shifts
from crm.services.staff_ways import remove_way
from crm.services.way_checks import note_that_it_came, try_own_ways
from crm.services.way_codes import send_code
from crm.tasks import check_ways_before_shifts
from jobs.clock import database_now
from notifications.enums import ChannelName, MessageKind
from notifications.models import Message
from tests.factories import MembershipFactory, ShiftFactory, StaffChannelFactory

EMAIL, SMS = ChannelName.EMAIL, ChannelName.SMS
HOUR = timedelta(hours=1)
NIGHT = datetime(2026, 3, 3, 22, 0, tzinfo=UTC)  # a shift begins; London is on UTC then
NUMBER = "+447700900123"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def every_channel(settings: Any) -> None:
    settings.SMS_CHANNEL = settings.VOICE_CHANNEL = settings.PUSH_CHANNEL = "file"


@pytest.fixture
def shift(site: Site, coordinator: User) -> Shift:
    return on_call(site, coordinator)


@pytest.fixture
def way(coordinator: User) -> StaffChannel:
    way: StaffChannel = StaffChannelFactory(user=coordinator, address=NUMBER)
    return way


def on_call(site: Site, user: User, starts_at: datetime = NIGHT, number: int | None = 1) -> Shift:
    ends_at = starts_at + 10 * HOUR
    shift: Shift = ShiftFactory(site=site, user=user, starts_at=starts_at, ends_at=ends_at, on_call=number)
    return shift


def sent() -> list[str]:
    return sorted(Message.objects.filter(kind=MessageKind.WAY_TEST).values_list("channel", flat=True))


def confirm_all(at: datetime) -> None:
    for check in WayCheck.objects.filter(confirmed_at=None):
        note_that_it_came(check=check, at=at)


def doubt(shift: Shift, at: datetime) -> str:
    return doubts_about([Shift.objects.select_related("user").get(pk=shift.pk)], at).get(shift.pk, "")


def test_every_way_is_tested_once_before_the_shift(shift: Shift, way: StaffChannel) -> None:
    for hours in (9, 8, 1):
        check_ways_before_shifts(at=NIGHT - hours * HOUR)
    assert sent() == [EMAIL, SMS]
    check = WayCheck.objects.get(channel=SMS)
    assert (check.kind, check.shift, check.expires_at) == (WayCheckKind.SHIFT, shift, shift.ends_at)
    assert Message.objects.get(channel=SMS).context["shift_at"] == "Tuesday 22:00"


@pytest.mark.parametrize(
    ("begins", "asked", "is_sent"),
    [
        (22, 25, False),  # more than a day before
        (22, 12, True),  # ten in the morning
        (6, 10, False),  # the evening before, eight o'clock
        (6, 11, True),  # seven o'clock
        (6, 3, False),  # three in the night
        (6, 2, True),  # two hours before at the latest
        (6, 21, True),  # nine in the morning of the day before
        (6, 22, False),
    ],
)
def test_by_day_or_two_hours_before(
    site: Site, coordinator: User, begins: int, asked: int, is_sent: bool
) -> None:
    starts_at = NIGHT.replace(hour=begins)
    on_call(site, coordinator, starts_at)
    check_before_shifts(at=starts_at - asked * HOUR)
    assert bool(sent()) == is_sent


def test_the_day_is_that_of_the_site(site: Site, coordinator: User) -> None:
    site.time_zone = "Asia/Tokyo"  # where it is seven in the evening of the next day
    site.save()
    on_call(site, coordinator, NIGHT)
    check_before_shifts(at=NIGHT - 4 * HOUR)
    assert sent() == []
    check_before_shifts(at=NIGHT - 15 * HOUR)  # four in the afternoon there
    assert sent() == [EMAIL]


def test_what_was_confirmed_this_week_is_not_asked_again(
    site: Site, coordinator: User, way: StaffChannel
) -> None:
    for day in range(9):
        starts_at = NIGHT + timedelta(days=day)
        on_call(site, coordinator, starts_at)
        check_before_shifts(at=starts_at - 6 * HOUR)
        confirm_all(starts_at - 5 * HOUR)
    assert sent() == [EMAIL, EMAIL, SMS, SMS]  # on the first day and on the eighth


def test_at_the_desk_nobody_is_asked(site: Site, coordinator: User) -> None:
    on_call(site, coordinator, number=None)
    check_before_shifts(at=NIGHT - 6 * HOUR)
    assert sent() == []


def test_whoever_has_left_is_not_asked(shift: Shift, coordinator: User) -> None:
    coordinator.is_active = False
    coordinator.save()
    check_before_shifts(at=NIGHT - 6 * HOUR)
    assert sent() == []


def told(manager: User) -> int:
    messages = Message.objects.filter(kind=MessageKind.WAYS_UNCONFIRMED)
    return [message.to for message in messages].count(manager.email)


def test_managers_of_the_site_hear_once_of_what_was_not_confirmed(
    shift: Shift, way: StaffChannel, manager: User
) -> None:
    elsewhere: User = MembershipFactory(role=Role.MANAGER).user
    check_before_shifts(at=NIGHT - 6 * HOUR)
    note_that_it_came(check=WayCheck.objects.get(channel=EMAIL), at=NIGHT - 5 * HOUR)
    for minutes in (-10, 0, 10, 20):
        check_before_shifts(at=NIGHT + timedelta(minutes=minutes))
    assert (told(manager), told(elsewhere)) == (1, 0)
    context = Message.objects.get(kind=MessageKind.WAYS_UNCONFIRMED).context
    assert context["link"].endswith("/desk/rota/harbour-house/")
    assert doubt(shift, NIGHT) == "test sent 3 March, 16:00, waits for an answer: text"


def test_all_confirmed_and_nobody_is_troubled(shift: Shift, way: StaffChannel, manager: User) -> None:
    check_before_shifts(at=NIGHT - 6 * HOUR)
    confirm_all(NIGHT - 5 * HOUR)
    check_before_shifts(at=NIGHT)
    assert told(manager) == 0
    assert doubt(shift, NIGHT) == ""


def test_what_is_in_doubt_is_never_tested_or_waiting_or_not_confirmed_or_long_ago(
    shift: Shift, way: StaffChannel, coordinator: User
) -> None:
    at = NIGHT - 12 * HOUR
    StaffChannel.objects.update(confirmed_at=NIGHT - timedelta(days=8))
    assert doubt(shift, at) == "never tested: e-mail; last confirmed on 23 February: text"
    assert {check.expires_at for check in try_own_ways(user=coordinator, at=at)} == {at + HOUR}
    assert doubt(shift, at) == "test sent 3 March, 10:00, waits for an answer: e-mail, text"
    assert doubt(shift, at + HOUR) == "test of 3 March, 10:00 not confirmed: e-mail, text"
    note_that_it_came(check=WayCheck.objects.get(channel=SMS), at=at + HOUR / 2)
    assert doubt(shift, at + HOUR) == "test of 3 March, 10:00 not confirmed: e-mail"


def test_a_code_is_no_test(shift: Shift, way: StaffChannel) -> None:
    StaffChannel.objects.update(confirmed_at=NIGHT - timedelta(days=8))
    send_code(way=way, at=NIGHT - HOUR)
    assert "last confirmed on 23 February: text" in doubt(shift, NIGHT)


def test_what_a_removed_way_was_sent_is_not_said_of_another(shift: Shift, way: StaffChannel) -> None:
    check_before_shifts(at=NIGHT - 6 * HOUR)
    remove_way(way=way, at=NIGHT - 5 * HOUR)
    StaffChannelFactory(user=shift.user, channel=ChannelName.VOICE, confirmed_at=NIGHT)
    assert doubt(shift, NIGHT) == "test sent 3 March, 16:00, waits for an answer: e-mail"


def test_a_late_word_takes_the_doubt_away(shift: Shift, way: StaffChannel) -> None:
    check_before_shifts(at=NIGHT - 6 * HOUR)
    confirm_all(NIGHT + HOUR)
    assert doubt(shift, NIGHT + HOUR) == ""


def test_nothing_but_email_is_a_doubt_where_more_is_set_up(
    shift: Shift, manager: User, settings: Any
) -> None:
    check_before_shifts(at=NIGHT - 6 * HOUR)
    confirm_all(NIGHT - 5 * HOUR)
    check_before_shifts(at=NIGHT)
    assert doubt(shift, NIGHT) == "no way besides e-mail"
    assert told(manager) == 1
    settings.SMS_CHANNEL = settings.VOICE_CHANNEL = settings.PUSH_CHANNEL = "off"
    assert doubt(shift, NIGHT) == ""


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"failing_since": NIGHT - HOUR}, "nothing but e-mail gets through"),
        ({"lost_at": NIGHT - HOUR, "lost_why": LossOfWay.GONE}, "no way besides e-mail"),
    ],
)
def test_what_breaks_after_it_was_confirmed_is_a_doubt(
    shift: Shift, way: StaffChannel, change: dict[str, Any], words: str
) -> None:
    check_before_shifts(at=NIGHT - 6 * HOUR)
    confirm_all(NIGHT - 5 * HOUR)
    StaffChannel.objects.update(**change)
    assert doubt(shift, NIGHT) == words


def test_of_shifts_far_off_or_over_nothing_is_said(shift: Shift) -> None:
    assert doubt(shift, NIGHT - 25 * HOUR) == ""
    assert doubt(shift, NIGHT - 24 * HOUR) != ""
    assert doubt(shift, NIGHT + 10 * HOUR) == ""


def rota(client: Client, reader: User) -> str:
    client.force_login(reader)
    return client.get("/desk/rota/harbour-house/").content.decode()


def test_managers_see_on_the_rota_who_cannot_be_reached(
    client: Client, site: Site, coordinator: User, manager: User
) -> None:
    ShiftFactory(site=site, user=coordinator, on_call=1)
    page = rota(client, manager)
    assert "No way besides e-mail" in page
    assert "by e-mail only: never tested" in page


def test_managers_see_kinds_and_never_numbers(client: Client, coordinator: User, manager: User) -> None:
    StaffChannelFactory(user=coordinator, address=NUMBER, failing_since=NIGHT, confirmed_at=database_now())
    page = rota(client, manager)
    assert "e-mail: never tested; text: confirmed on" in page
    assert "What was sent last by text did not get through" in page
    assert "900123" not in page


def test_others_do_not_see_who_can_be_reached(client: Client, site: Site, coordinator: User) -> None:
    ShiftFactory(site=site, user=coordinator, on_call=1)
    page = rota(client, coordinator)
    assert "Who can be reached" not in page
    assert "besides e-mail" not in page


def test_the_rota_asks_as_often_for_thirty_as_for_one(client: Client, site: Site, manager: User) -> None:
    counts = []
    for number in (1, 29):
        for _ in range(number):
            user = MembershipFactory(site=site).user
            StaffChannelFactory(user=user)
            ShiftFactory(site=site, user=user, on_call=1)
        rota(client, manager)
        with CaptureQueriesContext(connection) as queries:
            client.get("/desk/rota/harbour-house/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
