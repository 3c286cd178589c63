"""Planning shifts: nobody has two at once, what was stays, and a week is copied by the clock on the wall."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from crm.models import Membership, Shift, Site, User
from crm.refusals import NotOnTheStaff, PlaceOnCallTaken, ShiftInTheWay, ShiftIsOver
from crm.selectors.rota import monday_of, own_shifts, week
from crm.services.shifts import Hours, change_shift, copy_week, plan_shift, remove_shift
from jobs.clock import database_now
from jobs.models import Job
from tests.factories import MembershipFactory, ShiftFactory, SiteFactory

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONDON = ZoneInfo("Europe/London")


def hours(user: User, at: datetime, *, start: int = 1, length: int = 8, on_call: int | None = None) -> Hours:
    return Hours(user, at + start * HOUR, at + (start + length) * HOUR, on_call)


def test_a_shift_is_planned_with_the_job_of_its_end(site: Site, coordinator: User) -> None:
    at = database_now()
    shift = plan_shift(site=site, hours=hours(coordinator, at, on_call=2), at=at)
    assert (shift.user, shift.on_call, shift.ends_at) == (coordinator, 2, at + 9 * HOUR)
    job = Job.objects.get(kind="crm.tasks.end_of_shift")
    assert (job.subject, job.due_at) == (shift.pk, shift.ends_at)


def test_nobody_has_two_shifts_at_once_not_even_at_two_sites(site: Site, coordinator: User) -> None:
    at, elsewhere = database_now(), SiteFactory(name="Abbey Court")
    MembershipFactory(site=elsewhere, user=coordinator)
    plan_shift(site=elsewhere, hours=hours(coordinator, at), at=at)
    with pytest.raises(ShiftInTheWay, match="Casey Coordinator has another shift then: Abbey Court"):
        plan_shift(site=site, hours=hours(coordinator, at, start=8), at=at)
    plan_shift(site=site, hours=hours(coordinator, at, start=9), at=at)


def test_two_people_are_not_both_rung_first(site: Site, coordinator: User, manager: User) -> None:
    at, elsewhere = database_now(), SiteFactory()
    first = plan_shift(site=site, hours=hours(coordinator, at, on_call=1), at=at)
    with pytest.raises(PlaceOnCallTaken, match="Casey Coordinator is number 1 on call then"):
        plan_shift(site=site, hours=hours(manager, at, start=8, on_call=1), at=at)
    second = plan_shift(site=site, hours=hours(manager, at, start=8, on_call=2), at=at)
    with pytest.raises(PlaceOnCallTaken):
        change_shift(shift=second, hours=hours(manager, at, start=8, on_call=1), at=at)
    change_shift(shift=second, hours=hours(manager, at, start=9, on_call=1), at=at)
    change_shift(shift=first, hours=hours(coordinator, at, start=2, length=7, on_call=1), at=at)
    other = MembershipFactory(site=elsewhere).user
    plan_shift(site=elsewhere, hours=hours(other, at, on_call=1), at=at)


def test_the_database_refuses_two_shifts_at_once_as_well(site: Site, coordinator: User) -> None:
    first = ShiftFactory(site=site, user=coordinator)
    with pytest.raises(IntegrityError, match="one_shift_at_a_time"), transaction.atomic():
        ShiftFactory(site=site, user=coordinator, starts_at=first.ends_at - HOUR)
    with pytest.raises(IntegrityError, match="shift_ends_after_it_starts"), transaction.atomic():
        ShiftFactory(site=site, user=coordinator, starts_at=first.ends_at, ends_at=first.ends_at)


def test_only_staff_of_the_site_are_planned(site: Site, outsider: User, coordinator: User) -> None:
    at = database_now()
    with pytest.raises(NotOnTheStaff):
        plan_shift(site=site, hours=hours(outsider, at), at=at)
    User.objects.filter(pk=coordinator.pk).update(is_active=False)
    with pytest.raises(NotOnTheStaff):
        plan_shift(site=site, hours=hours(coordinator, at), at=at)


def test_what_is_over_is_neither_planned_nor_changed(site: Site, coordinator: User) -> None:
    at = database_now()
    with pytest.raises(ShiftIsOver):
        plan_shift(site=site, hours=hours(coordinator, at, start=-9), at=at)
    past = ShiftFactory(site=site, user=coordinator, starts_at=at - 10 * HOUR)
    with pytest.raises(ShiftIsOver):
        change_shift(shift=past, hours=hours(coordinator, at), at=at)


def test_a_shift_changes_hands_and_hours(site: Site, coordinator: User, manager: User) -> None:
    at = database_now()
    shift = plan_shift(site=site, hours=hours(coordinator, at), at=at)
    shift = change_shift(shift=shift, hours=hours(manager, at, start=2, on_call=1), at=at)
    assert (shift.user, shift.starts_at, shift.on_call) == (manager, at + 2 * HOUR, 1)
    assert Job.objects.filter(kind="crm.tasks.end_of_shift", due_at=shift.ends_at).exists()


def test_a_shift_is_not_in_its_own_way(site: Site, coordinator: User) -> None:
    at = database_now()
    shift = plan_shift(site=site, hours=hours(coordinator, at), at=at)
    longer = hours(coordinator, at, length=10)
    assert change_shift(shift=shift, hours=longer, at=at).ends_at == at + 11 * HOUR


def test_only_a_shift_that_has_not_begun_is_removed(site: Site, coordinator: User, manager: User) -> None:
    at = database_now()
    with pytest.raises(ShiftIsOver):
        remove_shift(shift=ShiftFactory(site=site, user=coordinator), at=at)
    remove_shift(shift=plan_shift(site=site, hours=hours(manager, at), at=at), at=at)
    assert not Shift.objects.filter(user=manager).exists()


def test_a_copied_week_keeps_the_clock_on_the_wall_when_the_clocks_change(
    site: Site, coordinator: User
) -> None:
    """In 2027 summer time begins in Britain on Sunday 28 March."""
    before = datetime(2027, 3, 21, 22, tzinfo=LONDON)
    ShiftFactory(site=site, user=coordinator, starts_at=before, ends_at=before + 8 * HOUR, on_call=1)
    added = copy_week(site=site, monday=date(2027, 3, 22), at=before)
    assert added == (1, 0)
    copied = Shift.objects.latest("starts_at")
    assert copied.starts_at.astimezone(LONDON) == datetime(2027, 3, 28, 22, tzinfo=LONDON)
    assert copied.ends_at - copied.starts_at == 8 * HOUR
    assert copied.starts_at - before == 7 * DAY - HOUR
    assert copied.on_call == 1


def test_copying_twice_adds_nothing_and_who_has_left_is_left_out(
    site: Site, coordinator: User, manager: User
) -> None:
    monday = datetime(2027, 3, 1, 9, tzinfo=UTC)
    for day, user in enumerate((coordinator, manager, coordinator)):
        ShiftFactory(site=site, user=user, starts_at=monday + day * DAY)
    Membership.objects.filter(user=manager).delete()
    assert copy_week(site=site, monday=date(2027, 3, 8), at=monday) == (2, 1)
    assert copy_week(site=site, monday=date(2027, 3, 8), at=monday) == (0, 3)
    assert Shift.objects.count() == 5


def test_a_week_has_the_shifts_that_begin_in_it_by_the_sites_clock(site: Site, coordinator: User) -> None:
    last_minute = datetime(2027, 6, 6, 23, 59, tzinfo=LONDON)  # a Sunday; in UTC it is 22:59
    shift = ShiftFactory(site=site, user=coordinator, starts_at=last_minute)
    days = week(site, date(2027, 5, 31), last_minute)
    assert [day.shifts for day in days] == [[]] * 6 + [[shift]]
    assert [day.is_today for day in days] == [False] * 6 + [True]
    assert not any(day.shifts for day in week(site, date(2027, 6, 7), last_minute))
    assert monday_of(date(2027, 6, 6)) == date(2027, 5, 31)


def test_own_shifts_are_those_of_five_weeks_at_every_site(coordinator: User, site: Site) -> None:
    at = database_now()
    going = ShiftFactory(site=site, user=coordinator)
    elsewhere = ShiftFactory(user=coordinator, starts_at=at + 3 * DAY)
    ShiftFactory(site=site, user=coordinator, starts_at=at + 40 * DAY)
    ShiftFactory(site=site, user=coordinator, starts_at=at - 3 * DAY)
    assert own_shifts(coordinator, at) == [going, elsewhere]
