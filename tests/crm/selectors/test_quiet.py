"""Quiet hours: e-mail only, never at work nor for the last who could be woken, nor after one round."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from crm.enums import Level, Role
from crm.models import LeadEvent, Presence, QuietHours, Site, User
from crm.selectors.quiet import holds, resting
from crm.services.alerts import alert_staff
from crm.services.escalating import run_step
from jobs.clock import database_now
from notifications.enums import ChannelName
from notifications.models import Escalation, Message
from tests.clock import DatabaseClock
from tests.factories import LeadFactory, MembershipFactory, ShiftFactory, StaffChannelFactory

EMAIL, SMS, PUSH = ChannelName.EMAIL, ChannelName.SMS, ChannelName.PUSH
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def every_channel(settings: Any) -> None:
    settings.SMS_CHANNEL = settings.VOICE_CHANNEL = settings.PUSH_CHANNEL = "file"


def manager_of(site: Site, name: str) -> User:
    email = f"{name}@threshold.example"
    user: User = MembershipFactory(site=site, role=Role.MANAGER, user__email=email, gets_alerts=False).user
    StaffChannelFactory(user=user)
    return user


def quiet_now(user: User) -> None:
    """Quiet for an hour before and after this moment, by a clock in London."""
    now = database_now()
    begins, ends = (now - HOUR).time(), (now + HOUR).time()
    QuietHours.objects.create(user=user, begins=begins, ends=ends, time_zone="UTC")


@pytest.mark.parametrize(
    ("begins", "ends", "zone", "clock", "is_quiet"),
    [
        ((22, 0), (7, 0), "UTC", (22, 0), True),
        ((22, 0), (7, 0), "UTC", (6, 59), True),
        ((22, 0), (7, 0), "UTC", (7, 0), False),
        ((22, 0), (7, 0), "UTC", (21, 59), False),
        ((13, 0), (14, 0), "UTC", (13, 30), True),
        ((13, 0), (14, 0), "UTC", (14, 0), False),
        ((22, 0), (7, 0), "Europe/Warsaw", (21, 30), True),  # 22:30 there
        ((22, 0), (7, 0), "Europe/Warsaw", (6, 30), False),
    ],
)
def test_they_hold_by_the_clock_of_a_place(
    begins: tuple[int, int], ends: tuple[int, int], zone: str, clock: tuple[int, int], is_quiet: bool
) -> None:
    wish = QuietHours(begins=time(*begins), ends=time(*ends), time_zone=zone)
    assert holds(wish, datetime(2026, 1, 15, *clock, tzinfo=UTC)) == is_quiet


def test_whoever_is_at_work_does_not_rest(site: Site) -> None:
    rests, on_shift, on_call, at_screen = (manager_of(site, name) for name in "abcd")
    for each in (rests, on_shift, on_call, at_screen):
        quiet_now(each)
    ShiftFactory(user=on_shift)
    ShiftFactory(user=on_call, on_call=1)
    at = database_now()
    Presence.objects.create(user=at_screen, seen_at=at, acted_at=at - timedelta(minutes=29))
    Presence.objects.create(user=rests, seen_at=at, acted_at=at - timedelta(minutes=31))
    assert resting([rests, on_shift, on_call, at_screen], at) == {rests}


def alerted(site: Site, at: datetime) -> Escalation:
    """An alert that nobody answered for five minutes: all managers are told."""
    lead = LeadFactory(site=site, level=Level.E1, received_at=at)
    alert_staff(lead=lead, key=str(lead.pk), at=at)
    return Escalation.objects.get(about=lead.pk)


def told(user: User, since: datetime) -> set[str]:
    """By what somebody was told since."""
    addresses = {user.email, *(way.address for way in user.ways.all())}
    messages = Message.objects.filter(created_at__gte=since)
    return {message.channel for message in messages if message.to in addresses}


def step(chain: Escalation, clock: DatabaseClock, minutes: int) -> datetime:
    at = clock.move_to(chain.started_at + timedelta(minutes=minutes))
    run_step(escalation=chain.pk, at=at)
    return at


def test_it_is_quiet_for_whoever_rests_while_somebody_else_can_be_woken(
    site: Site, database_clock: DatabaseClock
) -> None:
    database_clock.stop()
    rests, awake = manager_of(site, "rests"), manager_of(site, "awake")
    quiet_now(rests)
    chain = alerted(site, database_now())
    since = step(chain, database_clock, 5)
    assert told(rests, since) == {EMAIL}
    assert told(awake, since) == {EMAIL, SMS}


def test_when_nobody_answered_the_first_round_everybody_is_woken(
    site: Site, database_clock: DatabaseClock
) -> None:
    database_clock.stop()
    rests = manager_of(site, "rests")
    manager_of(site, "awake")
    quiet_now(rests)
    chain = alerted(site, database_now())
    step(chain, database_clock, 5)
    since = step(chain, database_clock, 10)
    assert told(rests, since) == {EMAIL, SMS}


def test_the_last_who_could_be_woken_is(site: Site, database_clock: DatabaseClock) -> None:
    """The other manager is awake and has nothing but e-mail."""
    database_clock.stop()
    rests, bare = manager_of(site, "rests"), manager_of(site, "bare")
    bare.ways.all().delete()
    quiet_now(rests)
    chain = alerted(site, database_now())
    since = step(chain, database_clock, 5)
    assert told(rests, since) == {EMAIL, SMS}


def test_when_all_rest_all_are_woken(site: Site, database_clock: DatabaseClock) -> None:
    database_clock.stop()
    both = [manager_of(site, name) for name in ("one", "two")]
    for each in both:
        quiet_now(each)
    chain = alerted(site, database_now())
    since = step(chain, database_clock, 5)
    assert [told(each, since) for each in both] == [{EMAIL, SMS}] * 2


def test_the_timeline_says_what_went_out(site: Site, database_clock: DatabaseClock) -> None:
    database_clock.stop()
    rests = manager_of(site, "rests")
    awake = manager_of(site, "awake")
    quiet_now(rests)
    chain = alerted(site, database_now())
    step(chain, database_clock, 5)
    data = LeadEvent.objects.filter(lead=chain.about, kind="ALERT_STEP").latest("occurred_at").data
    assert data["told"]["SMS"] == [str(awake.pk)]
    assert set(data["told"]["EMAIL"]) == {str(rests.pk), str(awake.pk)}


def test_every_browser_gets_an_alert_and_what_is_left_stands_in(site: Site) -> None:
    user = manager_of(site, "two-browsers")
    for name in ("home", "work"):
        StaffChannelFactory(user=user, channel=PUSH, address=name)
    ShiftFactory(user=user, site=site)
    user.memberships.update(gets_alerts=True)
    user.ways.filter(channel=SMS).update(channel=ChannelName.VOICE)
    alerted(site, database_now())
    sent = list(Message.objects.order_by("created_at", "pk"))
    assert sorted((message.channel, message.to) for message in sent) == [
        (EMAIL, user.email),
        (PUSH, "home"),
        (PUSH, "work"),
    ]
    voice = user.ways.get(channel=ChannelName.VOICE).address
    assert all(message.ways == [{"channel": "VOICE", "to": voice}] for message in sent)
