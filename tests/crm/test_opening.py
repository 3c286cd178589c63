"""Staffed hours, in any time zone and across changes of the clocks."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.opening import OpeningHours, Shift

LONDON = "Europe/London"
NINE_TO_FIVE = tuple(Shift(day, time(9), time(17)) for day in range(5))
NIGHTS = tuple(Shift(day, time(22), time(6)) for day in range(7))

ZONES = st.sampled_from(
    [LONDON, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "America/Sao_Paulo"]
)
MINUTES = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
SHIFTS = st.lists(st.builds(Shift, st.integers(0, 6), MINUTES, MINUTES), max_size=8).map(tuple)
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
HOURS = st.builds(
    OpeningHours, ZONES, always=st.just(False), shifts=SHIFTS, closed=st.frozensets(DAYS, max_size=5)
)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001  hypothesis wants them naive


def hours(*shifts: Shift, closed: tuple[date, ...] = ()) -> OpeningHours:
    return OpeningHours(LONDON, always=False, shifts=shifts, closed=frozenset(closed))


def utc(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC)


@settings(deadline=None)
@given(HOURS, MOMENTS)
def test_the_next_opening_is_never_in_the_past_and_somebody_is_there(
    opening: OpeningHours, at: datetime
) -> None:
    opens = opening.next_opening(at)
    if opens is None:
        assert not opening.is_staffed(at)
        return
    assert opens >= at
    assert opening.is_staffed(opens)
    assert (opens == at) == opening.is_staffed(at)


@settings(deadline=None)
@given(HOURS, MOMENTS, st.floats(0, 1))
def test_nobody_is_there_before_the_next_opening(opening: OpeningHours, at: datetime, share: float) -> None:
    opens = opening.next_opening(at)
    if opens and opens > at:
        assert not opening.is_staffed(at + (opens - at) * share * 0.999)


@settings(deadline=None)
@given(HOURS, MOMENTS)
def test_whoever_is_there_leaves_after_now_and_then_nobody_is(opening: OpeningHours, at: datetime) -> None:
    if not opening.is_staffed(at):
        return
    leaves = opening.staffed_until(at)
    assert leaves is None or leaves > at
    assert leaves is None or not opening.is_staffed(leaves)


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        (utc(2027, 1, 6, 8, 59), utc(2027, 1, 6, 9)),  # a Wednesday
        (utc(2027, 1, 6, 9), utc(2027, 1, 6, 9)),
        (utc(2027, 1, 6, 17), utc(2027, 1, 7, 9)),
        (utc(2027, 1, 8, 17), utc(2027, 1, 11, 9)),
        (utc(2027, 3, 26, 17), utc(2027, 3, 29, 8)),  # the clocks went forward meanwhile
        (utc(2027, 10, 29, 17), utc(2027, 11, 1, 9)),  # and back
    ],
)
def test_office_hours_are_the_sites_own(at: datetime, opens: datetime) -> None:
    assert hours(*NINE_TO_FIVE).next_opening(at) == opens


def test_no_shift_begins_on_a_closed_date() -> None:
    christmas = (date(2026, 12, 25), date(2026, 12, 28))
    opening = hours(*NINE_TO_FIVE, closed=christmas)
    assert opening.next_opening(utc(2026, 12, 24, 18)) == utc(2026, 12, 29, 9)


def test_a_night_shift_ends_the_next_morning_although_that_day_is_closed() -> None:
    opening = hours(*NIGHTS, closed=(date(2027, 1, 1),))
    assert opening.is_staffed(utc(2027, 1, 1, 3))
    assert not opening.is_staffed(utc(2027, 1, 1, 23))
    assert not opening.is_staffed(utc(2027, 1, 2, 3))
    assert opening.next_opening(utc(2027, 1, 1, 6)) == utc(2027, 1, 2, 22)


@pytest.mark.parametrize(
    ("evening", "hours_long"), [((2027, 1, 5, 22), 8), ((2027, 3, 27, 22), 7), ((2027, 10, 30, 21), 9)]
)
def test_the_night_of_a_change_of_the_clocks_is_as_long_as_it_is(
    evening: tuple[int, ...], hours_long: int
) -> None:
    begins = utc(*evening)
    assert hours(*NIGHTS).staffed_until(begins) == begins + timedelta(hours=hours_long)


def test_shifts_that_touch_are_one() -> None:
    opening = hours(Shift(0, time(8), time(14)), Shift(0, time(14), time(22)), Shift(0, time(22), time(6)))
    assert opening.staffed_until(utc(2027, 1, 4, 9)) == utc(2027, 1, 5, 6)


def test_shifts_round_the_clock_never_end() -> None:
    opening = hours(*(Shift(day, time(0), time(0)) for day in range(7)))
    assert opening.is_staffed(utc(2027, 1, 4, 3))
    assert opening.staffed_until(utc(2027, 1, 4, 3)) is None


def test_always_is_always_and_no_shift_is_never() -> None:
    at = utc(2027, 1, 4, 3)
    always, never = OpeningHours(LONDON), hours()
    assert (always.is_staffed(at), always.next_opening(at), always.staffed_until(at)) == (True, at, None)
    assert (never.is_staffed(at), never.next_opening(at)) == (False, None)
