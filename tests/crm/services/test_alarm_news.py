"""Managers are told of alarms: at once, together, again ever more rarely, and once when they are over."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm.enums import AlarmKind, Role
from crm.models import AlarmNotice, Membership, QuietHours, Site, StaffChannel, User
from crm.services.alarm_news import tell_of_alarms
from crm.services.alarms import end_alarm, raise_alarm
from jobs.clock import database_now
from jobs.models import Job
from jobs.services.periodic import beat
from notifications.enums import ChannelName, MessageKind, MessageState, Why
from notifications.models import Message
from notifications.services.outbox import recipient_token
from notifications.services.rendering import render_message
from tests.clock import DatabaseClock
from tests.factories import AlarmFactory, MembershipFactory, SiteFactory
from tests.notifications.work import try_once

pytestmark = pytest.mark.django_db
KIND = AlarmKind.NOBODY_ON_SHIFT
MINUTE = timedelta(minutes=1)


def said(kind: MessageKind = MessageKind.ALARM) -> list[Message]:
    return list(Message.objects.filter(kind=kind).order_by("created_at", "channel"))


def tell(at: datetime) -> None:
    """Every ten seconds, as the sweep does; twice, as two processes might."""
    tell_of_alarms(at)
    tell_of_alarms(at)


def test_the_managers_of_the_site_are_told_and_nobody_else(
    site: Site, coordinator: User, manager: User, outsider: User
) -> None:
    far = MembershipFactory(site=SiteFactory(), role=Role.MANAGER)
    raise_alarm(kind=KIND, site=site, at=database_now())
    tell(database_now())
    assert [each.to for each in said()] == [manager.email]
    raise_alarm(kind=AlarmKind.BEAT_SILENT, site=None, at=database_now())
    tell(database_now() + 3 * MINUTE)
    assert sorted(each.to for each in said()[1:]) == sorted([far.user.email, manager.email])


def test_a_site_without_a_manager_has_whoever_gets_its_alerts_told(
    site: Site, coordinator: User, outsider: User
) -> None:
    raise_alarm(kind=KIND, site=site, at=database_now())
    tell(database_now())
    assert [each.to for each in said()] == [coordinator.email]


def test_a_site_where_nobody_gets_alerts_has_the_managers_of_others_told(
    site: Site, coordinator: User
) -> None:
    Membership.objects.update(gets_alerts=False)
    far = MembershipFactory(site=SiteFactory(), role=Role.MANAGER)
    raise_alarm(kind=KIND, site=site, at=database_now())
    tell(database_now())
    assert [each.to for each in said()] == [far.user.email]


def test_many_alarms_at_once_are_one_message_a_person(site: Site, manager: User) -> None:
    for kind in (KIND, AlarmKind.NOBODY_WATCHING, AlarmKind.UNPLACED):
        raise_alarm(kind=kind, site=site, at=database_now())
    tell(database_now())
    (message,) = said()
    words = render_message(message)
    assert words.subject == "Alarm: 3 at once"
    for kind in (KIND, AlarmKind.NOBODY_WATCHING, AlarmKind.UNPLACED):
        assert f"{site.name}: {kind.label[0].lower()}{kind.label[1:]}" in words.text
    assert "/desk/alarms/" in words.text


def test_one_after_the_other_waits_for_two_minutes_so_that_it_is_no_storm(site: Site, manager: User) -> None:
    at = database_now()
    for second, kind in enumerate(
        (KIND, AlarmKind.NOBODY_WATCHING, AlarmKind.UNPLACED, AlarmKind.UNANSWERED)
    ):
        raise_alarm(kind=kind, site=site, at=at)
        tell(at + timedelta(seconds=10 * second))
    assert len(said()) == 1
    tell(at + 2 * MINUTE)
    assert [len(each.alarms) for each in AlarmNotice.objects.order_by("told_at")] == [1, 4]


def test_it_is_repeated_with_growing_gaps(site: Site, manager: User) -> None:
    at = database_now()
    raise_alarm(kind=KIND, site=site, at=at)
    minutes = [minute for minute in range(24 * 60) if _is_told(at + minute * MINUTE)]
    assert minutes == [0, 10, 30, 70, 150, 310, 550, 790, 1030, 1270]


def _is_told(at: datetime) -> bool:
    before = Message.objects.count()
    tell(at)
    return Message.objects.count() > before


def test_the_message_stays_true_to_be_sent(site: Site, manager: User, database_clock: DatabaseClock) -> None:
    raise_alarm(kind=KIND, site=site, at=database_clock.now())
    tell(database_clock.now())
    (message,) = said()
    assert Job.objects.get(subject=message.pk).queue == "alerts"
    assert try_once(message).state == MessageState.SENT


def test_one_that_is_over_by_then_is_not_sent_and_neither_is_its_end(
    site: Site, manager: User, database_clock: DatabaseClock
) -> None:
    raise_alarm(kind=KIND, site=site, at=database_clock.now())
    tell(database_clock.now())
    end_alarm(kind=KIND, site=site, at=database_clock.advance(seconds=60))
    tell(database_clock.now())
    (message,), (over,) = said(), said(MessageKind.ALARM_OVER)
    assert (try_once(message).state, message.why) == (MessageState.CANCELLED, Why.NOT_TRUE)
    assert (try_once(over).state, over.why) == (MessageState.CANCELLED, Why.NOT_TRUE)


def test_one_of_two_that_goes_on_is_still_worth_saying(
    site: Site, manager: User, database_clock: DatabaseClock
) -> None:
    for kind in (KIND, AlarmKind.UNPLACED):
        raise_alarm(kind=kind, site=site, at=database_clock.now())
    tell(database_clock.now())
    end_alarm(kind=KIND, site=site, at=database_clock.advance(seconds=60))
    (message,) = said()
    assert try_once(message).state == MessageState.SENT


def test_the_end_is_said_once_to_whoever_was_told(
    site: Site, manager: User, database_clock: DatabaseClock
) -> None:
    raise_alarm(kind=KIND, site=site, at=database_clock.now())
    tell(database_clock.now())
    (message,) = said()
    try_once(message)
    MembershipFactory(site=site, role=Role.MANAGER)  # came later, and was told of nothing
    AlarmFactory(kind=AlarmKind.BEAT_SILENT)
    end_alarm(kind=KIND, site=site, at=database_clock.advance(seconds=100))
    for _ in range(3):
        tell(database_clock.advance(seconds=600))
    (over,) = said(MessageKind.ALARM_OVER)
    assert over.to == manager.email
    assert try_once(over).state == MessageState.SENT
    words = render_message(over)
    assert words.subject == f"Alarm over: {site.name}: nobody is on shift or on call"
    assert "One alarm goes on: The background work does not answer." in words.text


def told_and_over(site: Site, clock: DatabaseClock) -> Message:
    """One alarm of which the manager was told has ended; return the message that says so, not sent yet."""
    raise_alarm(kind=KIND, site=site, at=clock.now())
    tell(clock.now())
    try_once(said()[0])
    end_alarm(kind=KIND, site=site, at=clock.advance(seconds=100))
    tell(clock.now())
    return said(MessageKind.ALARM_OVER)[0]


def test_with_nothing_open_the_end_says_so_and_no_more(
    site: Site, manager: User, database_clock: DatabaseClock
) -> None:
    over = told_and_over(site, database_clock)
    assert "No alarm is open now." in render_message(try_once(over)).text


@pytest.mark.parametrize("here", [True, False])
def test_the_end_says_what_has_begun_until_it_is_sent(
    site: Site, manager: User, database_clock: DatabaseClock, here: bool
) -> None:
    over = told_and_over(site, database_clock)
    raise_alarm(kind=AlarmKind.UNPLACED, site=site if here else None, at=database_clock.advance(seconds=3))
    text = render_message(try_once(over)).text
    named = f"{site.name}: an enquiry is not routed" if here else "An enquiry is not routed"
    assert f"One alarm goes on: {named}." in text
    assert "No alarm is open" not in text


def test_the_end_says_what_pages_see_though_no_row_says_it_yet(
    site: Site, manager: User, database_clock: DatabaseClock
) -> None:
    """A process that has just fallen silent is on every page before the sweep raises its alarm."""
    over = told_and_over(site, database_clock)
    beat(name="beat", at=database_clock.now() - timedelta(seconds=61))
    text = render_message(try_once(over)).text
    assert "One alarm goes on: The background work does not answer." in text


def test_the_end_says_nothing_of_sites_that_are_not_theirs(
    site: Site, manager: User, database_clock: DatabaseClock
) -> None:
    over = told_and_over(site, database_clock)
    raise_alarm(kind=AlarmKind.UNPLACED, site=SiteFactory(), at=database_clock.now())
    assert "No alarm is open now." in render_message(try_once(over)).text


def test_an_end_that_is_none_any_more_is_not_said(
    site: Site, manager: User, database_clock: DatabaseClock
) -> None:
    raise_alarm(kind=KIND, site=site, at=database_clock.now())
    tell(database_clock.now())
    (message,) = said()
    try_once(message)
    end_alarm(kind=KIND, site=site, at=database_clock.advance(seconds=60))
    tell(database_clock.now())
    raise_alarm(kind=KIND, site=site, at=database_clock.advance(seconds=1))
    (over,) = said(MessageKind.ALARM_OVER)
    assert (try_once(over).state, over.why) == (MessageState.CANCELLED, Why.NOT_TRUE)


def test_it_goes_by_every_way_that_they_have_and_nobody_is_rung_for_its_end(
    site: Site, manager: User, settings: object
) -> None:
    ways = {ChannelName.EMAIL: manager.email} | own_numbers(manager, settings)
    at = database_now()
    raise_alarm(kind=KIND, site=site, at=at)
    tell(at)
    assert {each.channel: each.to for each in said()} == ways
    end_alarm(kind=KIND, site=site, at=at + MINUTE)
    tell(at + MINUTE)
    assert {each.channel for each in said(MessageKind.ALARM_OVER)} == {"EMAIL", "SMS"}


def quiet(user: User) -> None:
    """Let them have quiet hours around the clock, but for a minute."""
    hour = database_now().astimezone(ZoneInfo("Europe/London"))
    begins, ends = (hour - timedelta(hours=2)).time(), (hour + timedelta(hours=2)).time()
    QuietHours.objects.create(user=user, begins=begins, ends=ends, time_zone="Europe/London")


def test_quiet_hours_are_kept_once_if_another_manager_is_woken(
    site: Site, manager: User, settings: object
) -> None:
    other = MembershipFactory(site=site, role=Role.MANAGER).user
    for user in (manager, other):
        own_numbers(user, settings, add=10 * (user == other))
    quiet(manager)
    at = database_now()
    raise_alarm(kind=KIND, site=site, at=at)
    tell(at)
    assert sorted(each.channel for each in said()) == ["EMAIL", "EMAIL", "SMS", "VOICE"]
    tell(at + 11 * MINUTE)
    assert len(said()) == 4 + 6, "the second time everybody is woken"


def test_the_only_manager_is_woken_in_quiet_hours_and_not_to_hear_that_it_is_over(
    site: Site, manager: User, settings: object
) -> None:
    MembershipFactory(site=site, role=Role.MANAGER)  # has nothing but e-mail
    own_numbers(manager, settings)
    quiet(manager)
    at = database_now()
    raise_alarm(kind=KIND, site=site, at=at)
    tell(at)
    assert sorted(each.channel for each in said()) == ["EMAIL", "EMAIL", "SMS", "VOICE"]
    end_alarm(kind=KIND, site=site, at=at + MINUTE)
    tell(at + MINUTE)
    assert {each.channel for each in said(MessageKind.ALARM_OVER)} == {"EMAIL"}


def own_numbers(user: User, settings: object, *, add: int = 0) -> dict[ChannelName, str]:
    """Give somebody a number for texts and one for calls, verified."""
    numbers = {
        ChannelName.SMS: f"+4477009003{add + 1:02}",
        ChannelName.VOICE: f"+4477009003{add + 2:02}",
    }
    for channel, number in numbers.items():
        setattr(settings, f"{channel}_CHANNEL", "file")
        at = database_now()
        StaffChannel.objects.create(
            user=user,
            channel=channel,
            address=number,
            recipient=recipient_token(number),
            name="Mine",
            added_at=at,
            verified_at=at,
        )
    return numbers


def test_a_name_of_a_site_that_looks_like_an_address_stops_no_alarm(manager: User, site: Site) -> None:
    Site.objects.filter(pk=site.pk).update(name="House @ Harbour")
    raise_alarm(kind=KIND, site=site, at=database_now())
    tell(database_now())
    assert len(said()) == 1
