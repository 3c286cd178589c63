"""What is an alarm, when it begins and when it ends, by rows as they are and the database's clock."""

from collections.abc import Callable
from datetime import time, timedelta

import pytest

from crm.enums import AlarmKind, AwayReason, Level, Queue
from crm.models import Alarm, Lead, Membership, OpeningTime, Presence, Shift, Site, StaffChannel, User
from crm.selectors.alarm_signs import what_is_wrong
from crm.services.absences import come_back, go_away
from crm.services.acknowledging import acknowledge
from crm.services.alarm_watch import watch_over_desk
from crm.services.alerts import alert_staff
from crm.services.canary import canary_site
from jobs.clock import database_now
from jobs.models import Heartbeat
from jobs.services.periodic import beat
from notifications.models import Circuit, Message
from notifications.services.outbox import recipient_token
from tests.at_once import all_at_once
from tests.clock import DatabaseClock
from tests.factories import LeadFactory, MembershipFactory, ShiftFactory, SiteFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _alive(db: None) -> None:
    signs_of_life()


def signs_of_life() -> None:
    for name in ("beat", "dispatch"):
        beat(name=name, at=database_now())


def sweep(clock: DatabaseClock, *, seconds: int = 0, alive: bool = True) -> set[str]:
    """Sweep every ten seconds for so long, as the dispatcher has it done; return the kinds that are open."""
    for _ in range(seconds // 10):
        if alive:
            signs_of_life()
        watch_over_desk(at=clock.now())
        clock.advance(seconds=10)
    watch_over_desk(at=clock.now())
    return set(Alarm.objects.filter(ended_at=None).values_list("kind", flat=True))


def wrong(kind: AlarmKind) -> set[object]:
    return {site for found, site in what_is_wrong(database_now()) if found == kind}


def watching(user: User, *, idle: timedelta = timedelta()) -> None:
    at = database_now()
    Presence.objects.update_or_create(user=user, defaults={"seen_at": at, "acted_at": at - idle})


def urgent(site: Site) -> Lead:
    return LeadFactory(site=site, level=Level.U1, queue=Queue.URGENT)


def take(lead: Lead, user: User) -> None:
    at = database_now()
    Lead.objects.filter(pk=lead.pk).update(owner=user, claimed_at=at, lease_until=at + 60 * MINUTE)


def give_back(lead: Lead) -> None:
    Lead.objects.filter(pk=lead.pk).update(owner=None, claimed_at=None, lease_until=None)


# Nobody on shift or on call


def test_nobody_on_shift_while_the_hours_say_that_somebody_is(
    site: Site, coordinator: User, database_clock: DatabaseClock
) -> None:
    ShiftFactory(site=site, user=coordinator, starts_at=database_clock.now() - timedelta(hours=12))
    assert "NOBODY_ON_SHIFT" not in sweep(database_clock, seconds=110)
    assert "NOBODY_ON_SHIFT" in sweep(database_clock, seconds=20)


@pytest.mark.parametrize("on_call", [None, 1])
def test_somebody_on_shift_or_on_call_is_enough(
    site: Site, coordinator: User, database_clock: DatabaseClock, on_call: int | None
) -> None:
    ShiftFactory(site=site, user=coordinator, on_call=on_call)
    assert sweep(database_clock, seconds=200) == set()


def test_somebody_who_watches_without_a_shift_is_enough(site: Site, coordinator: User) -> None:
    ShiftFactory(site=site, user=coordinator, starts_at=database_now() - timedelta(hours=12))
    assert wrong(AlarmKind.NOBODY_ON_SHIFT) == {site.pk}
    watching(coordinator)
    assert wrong(AlarmKind.NOBODY_ON_SHIFT) == set()


def test_on_shift_and_away_is_not_there(site: Site, coordinator: User) -> None:
    ShiftFactory(site=site, user=coordinator)
    assert wrong(AlarmKind.NOBODY_ON_SHIFT) == set()
    go_away(user=coordinator, reason=AwayReason.LEFT, by=coordinator, at=database_now())
    assert wrong(AlarmKind.NOBODY_ON_SHIFT) == {site.pk}
    come_back(user=coordinator, by=coordinator, at=database_now())
    assert wrong(AlarmKind.NOBODY_ON_SHIFT) == set()


def test_somebody_who_has_left_the_service_is_not_there(site: Site, coordinator: User, manager: User) -> None:
    ShiftFactory(site=site, user=coordinator)
    User.objects.filter(pk=coordinator.pk).update(is_active=False)
    assert wrong(AlarmKind.NOBODY_ON_SHIFT) == {site.pk}


def test_a_shift_at_another_site_is_none_here(site: Site, coordinator: User) -> None:
    ShiftFactory(site=site, user=coordinator, starts_at=database_now() - timedelta(hours=12))
    ShiftFactory(site=SiteFactory(), user=coordinator)
    assert wrong(AlarmKind.NOBODY_ON_SHIFT) == {site.pk}


def test_while_the_site_is_closed_nobody_need_be_there(
    site: Site, coordinator: User, database_clock: DatabaseClock
) -> None:
    """Open from nine to five: not at three in the morning, at three in the afternoon."""
    Site.objects.filter(pk=site.pk).update(is_always_staffed=False)
    for weekday in range(7):
        OpeningTime.objects.create(site=site, weekday=weekday, opens=time(9), closes=time(17))
    night = (database_clock.now() + timedelta(days=1)).replace(hour=3, minute=0)
    ShiftFactory(site=site, user=coordinator, starts_at=night - timedelta(hours=18))
    database_clock.move_to(night)
    assert wrong(AlarmKind.NOBODY_ON_SHIFT) == set()
    database_clock.advance(by=timedelta(hours=12))
    assert wrong(AlarmKind.NOBODY_ON_SHIFT) == {site.pk}


def test_an_urgent_lead_needs_somebody_even_at_night(
    site: Site, coordinator: User, database_clock: DatabaseClock
) -> None:
    Site.objects.filter(pk=site.pk).update(is_always_staffed=False)
    urgent(site)
    assert wrong(AlarmKind.NOBODY_ON_SHIFT) == {site.pk}


def test_who_plans_no_shifts_is_told_only_while_an_urgent_lead_waits(site: Site, coordinator: User) -> None:
    assert site.is_always_staffed
    assert wrong(AlarmKind.NOBODY_ON_SHIFT) == set()
    lead = urgent(site)
    assert wrong(AlarmKind.NOBODY_ON_SHIFT) == {site.pk}
    take(lead, coordinator)
    assert wrong(AlarmKind.NOBODY_ON_SHIFT) == set()


# Nobody watching


def test_urgent_leads_wait_and_no_desk_is_open(
    site: Site, coordinator: User, database_clock: DatabaseClock
) -> None:
    ShiftFactory(site=site, user=coordinator)
    assert sweep(database_clock, seconds=200) == set()  # nothing waits
    lead = urgent(site)
    assert "NOBODY_WATCHING" not in sweep(database_clock, seconds=110)
    assert "NOBODY_WATCHING" in sweep(database_clock, seconds=20)
    take(lead, coordinator)
    assert "NOBODY_WATCHING" in sweep(database_clock, seconds=50)
    assert "NOBODY_WATCHING" not in sweep(database_clock, seconds=20)


def test_a_lead_that_nobody_has_routed_waits_like_an_urgent_one(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site, unrouted=True, received_at=database_now() - timedelta(seconds=59))
    assert wrong(AlarmKind.NOBODY_WATCHING) == set()
    Lead.objects.filter(pk=lead.pk).update(received_at=database_now() - timedelta(seconds=62))
    assert wrong(AlarmKind.NOBODY_WATCHING) == {site.pk}


@pytest.mark.parametrize(("idle", "nobody"), [(29, False), (31, True)])
def test_a_desk_that_nobody_touches_watches_nothing(
    site: Site, coordinator: User, idle: int, nobody: bool
) -> None:
    urgent(site)
    watching(coordinator, idle=idle * MINUTE)
    assert bool(wrong(AlarmKind.NOBODY_WATCHING)) == nobody


def test_a_desk_at_another_site_does_not_watch_here(site: Site, coordinator: User, outsider: User) -> None:
    urgent(site)
    watching(outsider)
    assert wrong(AlarmKind.NOBODY_WATCHING) == {site.pk}


def test_what_comes_and_goes_is_no_alarm(
    site: Site, coordinator: User, database_clock: DatabaseClock
) -> None:
    """A lead is free for a minute, taken for a minute, and so on: never for two minutes on end."""
    ShiftFactory(site=site, user=coordinator)
    lead = urgent(site)
    for _ in range(5):
        assert sweep(database_clock, seconds=60) == set()
        take(lead, coordinator)
        assert sweep(database_clock, seconds=60) == set()
        give_back(lead)
    assert not Alarm.objects.exists()


def test_an_alarm_does_not_flap(site: Site, coordinator: User, database_clock: DatabaseClock) -> None:
    ShiftFactory(site=site, user=coordinator)
    lead = urgent(site)
    sweep(database_clock, seconds=130)
    for _ in range(5):
        take(lead, coordinator)
        sweep(database_clock, seconds=40)
        give_back(lead)
        sweep(database_clock, seconds=40)
    assert [each.kind for each in Alarm.objects.all()] == ["NOBODY_WATCHING"]


# No channel that works


def out_of_order(name: str) -> None:
    at = database_now()
    Circuit.objects.create(name=name, opened_at=at, probe_at=at, failures=5, since=at)


def test_somebody_on_call_whom_no_message_can_reach(
    site: Site, coordinator: User, manager: User, database_clock: DatabaseClock
) -> None:
    ShiftFactory(site=site, user=coordinator, on_call=1)
    assert "NO_CHANNEL" not in sweep(database_clock, seconds=60)
    out_of_order("EMAIL")
    assert "NO_CHANNEL" in sweep(database_clock, seconds=40)
    Circuit.objects.update(opened_at=None, probe_at=None)
    assert "NO_CHANNEL" not in sweep(database_clock, seconds=70)


def test_on_call_with_nothing_but_email_where_there_is_more(
    site: Site, coordinator: User, settings: object
) -> None:
    ShiftFactory(site=site, user=coordinator, on_call=1)
    assert wrong(AlarmKind.NO_CHANNEL) == set(), "e-mail is all there is here"
    settings.SMS_CHANNEL = "file"  # type: ignore[attr-defined]
    assert wrong(AlarmKind.NO_CHANNEL) == {site.pk}
    at, number = database_now(), "+447700900301"
    way = StaffChannel.objects.create(
        user=coordinator, channel="SMS", address=number, recipient=recipient_token(number), added_at=at
    )
    assert wrong(AlarmKind.NO_CHANNEL) == {site.pk}, "not verified"
    StaffChannel.objects.filter(pk=way.pk).update(verified_at=at)
    assert wrong(AlarmKind.NO_CHANNEL) == set()
    StaffChannel.objects.filter(pk=way.pk).update(failing_since=at, failing_why="30003")
    assert wrong(AlarmKind.NO_CHANNEL) == {site.pk}, "what was sent last did not get through"
    StaffChannel.objects.filter(pk=way.pk).update(failing_since=None, failing_why="")
    out_of_order("SMS")
    assert wrong(AlarmKind.NO_CHANNEL) == {site.pk}, "out of order for everybody"


def test_away_on_call_is_nobody_to_reach_and_then_it_is_whoever_gets_alerts(
    site: Site, coordinator: User, manager: User
) -> None:
    ShiftFactory(site=site, user=coordinator, on_call=1)
    out_of_order("EMAIL")
    assert wrong(AlarmKind.NO_CHANNEL) == {site.pk}
    Membership.objects.filter(site=site).update(gets_alerts=False)
    go_away(user=coordinator, reason=AwayReason.LEFT, by=coordinator, at=database_now())
    assert wrong(AlarmKind.NO_CHANNEL) == set()


def test_with_every_way_out_of_order_nobody_on_call_is_no_excuse(site: Site, coordinator: User) -> None:
    assert wrong(AlarmKind.NO_CHANNEL) == set()
    out_of_order("EMAIL")
    assert wrong(AlarmKind.NO_CHANNEL) == {site.pk}


# Leads over their bound


def test_a_lead_that_nobody_routes(site: Site, coordinator: User, database_clock: DatabaseClock) -> None:
    watching(coordinator)
    lead = LeadFactory(site=site, unrouted=True, received_at=database_clock.now())
    assert "UNPLACED" not in sweep(database_clock, seconds=80)
    assert "UNPLACED" in sweep(database_clock, seconds=30)
    Lead.objects.filter(pk=lead.pk).update(queue=Queue.PREBOOKED, level=Level.P1)
    assert "UNPLACED" not in sweep(database_clock, seconds=80)


def test_a_lead_that_nobody_answers_for(
    site: Site, coordinator: User, manager: User, database_clock: DatabaseClock
) -> None:
    lead = urgent(site)
    alert_staff(lead=lead, key=str(lead.pk), at=database_clock.now())
    assert "UNANSWERED" not in sweep(database_clock, seconds=350)
    assert "UNANSWERED" in sweep(database_clock, seconds=30)
    acknowledge(lead=lead, by=manager, at=database_clock.now())
    assert "UNANSWERED" not in sweep(database_clock, seconds=80)


def test_what_is_wrong_at_a_site_without_staff_is_wrong_everywhere() -> None:
    at = database_now() - 2 * MINUTE
    LeadFactory(site=SiteFactory(), unrouted=True, received_at=at)
    assert wrong(AlarmKind.UNPLACED) == {None}


def test_a_test_enquiry_has_alarms_of_its_own() -> None:
    LeadFactory(site=canary_site(), unrouted=True, received_at=database_now() - 2 * MINUTE)
    urgent(canary_site())
    assert what_is_wrong(database_now()) == set()


# Silence


@pytest.mark.parametrize(
    ("name", "kind", "before", "after"),
    [("beat", "BEAT_SILENT", 60, 40), ("dispatch", "DISPATCHER_SILENT", 20, 20)],
)
def test_a_process_that_is_silent(
    database_clock: DatabaseClock, name: str, kind: str, before: int, after: int
) -> None:
    signs_of_life()
    assert kind not in sweep(database_clock, seconds=before, alive=False)
    assert kind in sweep(database_clock, seconds=after, alive=False)
    beat(name=name, at=database_clock.now())
    assert kind not in sweep(database_clock, seconds=70)


def test_a_process_that_never_was_is_silent(database_clock: DatabaseClock) -> None:
    Heartbeat.objects.all().delete()
    assert "BEAT_SILENT" in sweep(database_clock, seconds=30, alive=False)


def test_the_watch_leaves_a_sign_of_life_itself(database_clock: DatabaseClock) -> None:
    sweep(database_clock)
    assert Heartbeat.objects.get(name="watch").beaten_at <= database_clock.now()


# The sweep


def test_a_clock_that_is_set_back_ends_no_alarm_before_it_began(
    site: Site, coordinator: User, database_clock: DatabaseClock
) -> None:
    lead = urgent(site)
    sweep(database_clock, seconds=130)
    take(lead, coordinator)
    database_clock.advance(seconds=-3600)
    sweep(database_clock, seconds=80)
    assert not Alarm.objects.filter(ended_at=None).exists()
    assert not [each for each in Alarm.objects.all() if each.ended_at and each.ended_at < each.since]


def test_its_cost_does_not_grow_with_leads_staff_or_sites(
    database_clock: DatabaseClock, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for _ in range(5):
        site = SiteFactory()
        for _ in range(4):
            ShiftFactory(site=site, user=MembershipFactory(site=site).user, on_call=None)
            urgent(site)
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        what_is_wrong(database_clock.now())
    assert Shift.objects.count() == 20


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_raise_and_tell_once() -> None:
    signs_of_life()
    site = SiteFactory()
    MembershipFactory(site=site, role="MANAGER")
    at = database_now()
    urgent(site)
    watch_over_desk(at=at - 3 * MINUTE)
    all_at_once([lambda: watch_over_desk(at=at)] * 6)
    raised = Alarm.objects.filter(ended_at=None)  # and that nobody swept for three minutes is written down
    assert sorted(raised.values_list("kind", flat=True)) == ["NOBODY_ON_SHIFT", "NOBODY_WATCHING"]
    assert Alarm.objects.filter(kind="WATCH_SILENT").count() == 1
    assert Message.objects.count() == 1
