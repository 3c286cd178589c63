"""Staffed hours by the rota: the shifts of people for as far as it is planned, then the weekly hours."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.calling import call_by, call_promise
from crm.enums import Level
from crm.models import OpeningTime, Site, User
from crm.opening import OpeningHours, Shift
from crm.rota_hours import RotaHours
from crm.selectors.opening import opening_hours
from jobs.clock import database_now
from tests.clock import DatabaseClock
from tests.factories import ShiftFactory, UserFactory

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONDAY = datetime(2026, 6, 1, tzinfo=UTC)  # in British summer time: midnight in London is 23:00 UTC
WEEKDAYS = OpeningHours("UTC", always=False, shifts=tuple(Shift(day, time(9), time(17)) for day in range(5)))
SPANS = st.lists(st.tuples(st.integers(0, 6 * 24), st.integers(1, 14)), max_size=8)


def rota(*spans: tuple[int, int], weekly: OpeningHours = WEEKDAYS) -> RotaHours:
    """Return a planned week; spans are hours from its beginning, and hours long."""
    shifts = tuple((MONDAY + start * HOUR, MONDAY + (start + length) * HOUR) for start, length in spans)
    return RotaHours("UTC", always=False, spans=shifts, planned_until=MONDAY + 7 * DAY, weekly=weekly)


@given(spans=SPANS, at=st.integers(0, 9 * 24))
def test_what_the_three_answers_say_fits_together(spans: list[tuple[int, int]], at: int) -> None:
    hours, moment = rota(*spans), MONDAY + at * HOUR
    opens = hours.next_opening(moment)
    assert opens is not None
    assert hours.is_staffed(opens)
    assert hours.is_staffed(moment) is (opens == moment)
    leaves = hours.staffed_until(opens)
    assert leaves is not None
    assert leaves > opens
    assert not hours.is_staffed(leaves)
    half_hours = range(int((leaves - opens) / HOUR) * 2)
    assert all(hours.is_staffed(opens + n * HOUR / 2) for n in half_hours)


@given(spans=SPANS, at=st.integers(0, 7 * 24 - 1))
def test_in_a_planned_week_only_shifts_count(spans: list[tuple[int, int]], at: int) -> None:
    planned = any(start <= at < start + length for start, length in spans)
    assert rota(*spans).is_staffed(MONDAY + at * HOUR) is planned


def test_shifts_that_touch_are_one() -> None:
    hours = rota((8, 8), (15, 9), (24, 2))
    assert hours.staffed_until(MONDAY + 9 * HOUR) == MONDAY + 26 * HOUR


def test_after_the_planned_weeks_the_weekly_hours_count() -> None:
    hours = rota((8, 8))
    assert hours.next_opening(MONDAY + 20 * HOUR) == MONDAY + 7 * DAY + 9 * HOUR
    assert rota(weekly=OpeningHours("UTC")).next_opening(MONDAY) == MONDAY + 7 * DAY
    assert rota(weekly=OpeningHours("UTC")).staffed_until(MONDAY + 8 * DAY) is None


def test_a_promise_for_a_planned_stay_waits_for_somebody_on_shift() -> None:
    hours = rota((8, 8), (3 * 24 + 10, 4))
    came = MONDAY + 12 * HOUR
    assert call_by(Level.P1, came, hours) == MONDAY + 3 * DAY + 11 * HOUR
    promise = call_promise(Level.U3, MONDAY + 15 * HOUR, hours)
    assert (promise.call_by, promise.closes_at) == (MONDAY + 19 * HOUR, MONDAY + 16 * HOUR)


@pytest.fixture
def keeps_rota(site: Site) -> Site:
    site.keeps_rota = True
    site.save()
    return site


def test_a_site_that_keeps_no_rota_goes_by_its_opening_times(site: Site, coordinator: User) -> None:
    site.is_always_staffed = False
    ShiftFactory(site=site, user=coordinator)
    assert not opening_hours(site).is_staffed(database_now())


def test_a_site_that_keeps_a_rota_goes_by_its_shifts(keeps_rota: Site, coordinator: User) -> None:
    at = database_now()
    assert opening_hours(keeps_rota).is_staffed(at)  # nothing is planned yet: always staffed, as it says
    shift = ShiftFactory(site=keeps_rota, user=coordinator, starts_at=at + HOUR)
    hours = opening_hours(keeps_rota)
    assert not hours.is_staffed(at)
    assert hours.next_opening(at) == at + HOUR
    assert hours.staffed_until(at + HOUR) in {shift.ends_at, None}  # None: the week is over meanwhile


def test_being_on_call_is_not_being_there(keeps_rota: Site, coordinator: User) -> None:
    at = database_now()
    ShiftFactory(site=keeps_rota, user=coordinator, on_call=1)
    ShiftFactory(site=keeps_rota, user=UserFactory(), starts_at=at + HOUR)
    assert not opening_hours(keeps_rota).is_staffed(at)


def test_the_shifts_of_another_site_do_not_count(keeps_rota: Site, outsider: User) -> None:
    ShiftFactory(user=outsider)
    keeps_rota.is_always_staffed = False
    assert not opening_hours(keeps_rota).is_staffed(database_now())


def test_a_rota_that_nobody_goes_on_with_gives_way(
    keeps_rota: Site, coordinator: User, database_clock: DatabaseClock
) -> None:
    keeps_rota.is_always_staffed = False
    OpeningTime.objects.create(site=keeps_rota, weekday=2, opens=time(9), closes=time(17))
    ShiftFactory(site=keeps_rota, user=coordinator, starts_at=MONDAY.replace(year=2027) + 9 * HOUR)
    database_clock.move_to(MONDAY.replace(year=2027) + 20 * DAY)
    after = MONDAY.replace(year=2027) + 20 * DAY
    found = opening_hours(keeps_rota).next_opening(after)
    assert found
    assert found.weekday() == 2
