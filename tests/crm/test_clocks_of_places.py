"""Staffed hours and safe times by the clock on the wall of the site, whatever clocks do there."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.calling import call_by
from crm.enums import Level
from crm.opening import OpeningHours, Shift
from crm.safe_times import A_WEEK, next_safe, slot_at, slots_of

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LONDON = "Europe/London"
# Nights on which the clocks are changed, and one on which they are not.
CHANGES = [
    (LONDON, date(2027, 3, 28)),
    (LONDON, date(2027, 10, 31)),
    (LONDON, date(2028, 2, 29)),
    ("America/New_York", date(2027, 3, 14)),
    ("America/New_York", date(2027, 11, 7)),
    ("Australia/Lord_Howe", date(2027, 4, 4)),  # by half an hour
    ("Australia/Lord_Howe", date(2027, 10, 3)),
    ("Pacific/Chatham", date(2027, 9, 26)),  # 45 minutes past
    ("Asia/Kathmandu", date(2027, 1, 4)),
    ("America/Sao_Paulo", date(2018, 11, 4)),  # midnight itself was skipped
]
QUARTERS = st.integers(0, 95).map(lambda n: time(n // 4, n % 4 * 15))
NIGHTS = st.sampled_from(CHANGES)


def moments_of(zone: str, day: date) -> list[datetime]:
    """Return every fifth minute from the noon before to the noon after."""
    noon = datetime.combine(day - timedelta(days=1), time(12), tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return [noon + n * 5 * MINUTE for n in range(26 * 12)]


def is_within(wall: datetime, day: date, shift: Shift) -> bool:
    """Return whether a clock on the wall shows a time of the shift that begins on a day."""
    begins = datetime.combine(day, shift.opens)
    ends = datetime.combine(day + timedelta(days=shift.closes <= shift.opens), shift.closes)
    return begins <= wall < ends


@settings(deadline=None, max_examples=150)
@given(NIGHTS, QUARTERS, QUARTERS, st.sampled_from([-1, 0]))
def test_somebody_is_there_while_the_clock_on_the_wall_says_so(
    night: tuple[str, date], opens: time, closes: time, before: int
) -> None:
    """Where it shows a time twice, the shift is the first of both, or goes on."""
    zone, day = night
    begins_on = day + timedelta(days=before)
    shift = Shift(begins_on.weekday(), opens, closes)
    hours = OpeningHours(zone, always=False, shifts=(shift,))
    for at in moments_of(zone, day):
        wall = at.astimezone(ZoneInfo(zone))
        shows_twice = wall.replace(fold=1).utcoffset() != wall.replace(fold=0).utcoffset()
        if not shows_twice:
            assert hours.is_staffed(at) == is_within(wall.replace(tzinfo=None), begins_on, shift)


@pytest.mark.parametrize(
    ("opens", "closes", "minutes"),
    [
        (time(1, 30), time(2, 30), 30),  # begins when the clocks are changed
        (time(0, 30), time(1, 30), 30),  # and ends then
        (time(1), time(2), 0),
        (time(1, 15), time(1, 45), 0),
        (time(22), time(1, 30), 180),
    ],
)
def test_a_shift_has_no_more_of_a_skipped_hour_than_there_is(opens: time, closes: time, minutes: int) -> None:
    day = date(2027, 3, 27) if closes < opens else date(2027, 3, 28)
    hours = OpeningHours(LONDON, always=False, shifts=(Shift(day.weekday(), opens, closes),))
    staffed = [at for at in moments_of(LONDON, date(2027, 3, 28)) if hours.is_staffed(at)]
    assert len(staffed) * 5 == minutes


def test_an_hour_that_comes_twice_makes_the_night_longer() -> None:
    hours = OpeningHours(LONDON, always=False, shifts=(Shift(5, time(22), time(6)),))
    staffed = [at for at in moments_of(LONDON, date(2027, 10, 31)) if hours.is_staffed(at)]
    assert len(staffed) * 5 == 9 * 60


def test_a_leap_day_is_a_day_on_which_people_work_and_may_be_closed() -> None:
    leap, noon = date(2028, 2, 29), datetime(2028, 2, 28, 18, tzinfo=UTC)
    week = tuple(Shift(day, time(9), time(17)) for day in range(7))
    for closed, opens in ((frozenset[date](), (2, 29)), (frozenset({leap}), (3, 1))):
        hours = OpeningHours(LONDON, always=False, shifts=week, closed=closed)
        assert hours.next_opening(noon) == datetime(2028, *opens, 9, tzinfo=UTC)


@settings(deadline=None, max_examples=150)
@given(NIGHTS, st.sampled_from(Level), QUARTERS, QUARTERS, st.integers(0, 24 * 12))
def test_a_promise_is_never_before_its_target_and_is_kept_by_somebody(
    night: tuple[str, date], level: Level, opens: time, closes: time, later: int
) -> None:
    """Whenever it comes in, in the hour before the clocks change, too."""
    zone, day = night
    hours = OpeningHours(zone, always=False, shifts=tuple(Shift(each, opens, closes) for each in range(7)))
    at = moments_of(zone, day)[later]
    due, target = call_by(level, at, hours), call_by(level, at, OpeningHours(zone))
    assert due >= target
    if level in {Level.P1, Level.P2}:
        assert any(hours.is_staffed(due - n * 15 * MINUTE) for n in range(5)), "somebody has an hour for it"
        assert due <= target + 25 * HOUR + HOUR
    else:
        assert due == target


@settings(deadline=None, max_examples=100)
@given(NIGHTS, st.integers(1, 1500))
def test_staffed_minutes_are_minutes_in_which_somebody_is_there(night: tuple[str, date], span: int) -> None:
    zone, day = night
    hours = OpeningHours(
        zone, always=False, shifts=tuple(Shift(each, time(20), time(4)) for each in range(7))
    )
    at = moments_of(zone, day)[0]
    due = hours.after_staffed(at, span * 5 * MINUTE)
    assert due is not None
    assert sum(hours.is_staffed(at + n * 5 * MINUTE) for n in range((due - at) // (5 * MINUTE))) == span


@pytest.mark.parametrize(("minutes", "day", "hour"), [(479, 4, 16), (480, 4, 17), (481, 5, 9)])
def test_the_last_staffed_minute_of_a_day_is_one(minutes: int, day: int, hour: int) -> None:
    hours = OpeningHours(
        "UTC", always=False, shifts=tuple(Shift(each, time(9), time(17)) for each in range(7))
    )
    due = hours.after_staffed(datetime(2027, 1, 4, 3, tzinfo=UTC), minutes * MINUTE)
    assert due is not None
    assert (due.day, due.hour) == (day, hour)


@settings(deadline=None, max_examples=100)
@given(NIGHTS, st.integers(0, 25 * 12), st.sets(st.integers(0, A_WEEK - 1), min_size=1, max_size=60))
def test_the_next_safe_half_hour_begins_when_the_sites_clock_says_so(
    night: tuple[str, date], later: int, safe: set[int]
) -> None:
    zone, day = night
    at = moments_of(zone, day)[later] + timedelta(seconds=7)
    found = next_safe(safe, at, zone)
    assert found is not None
    assert slot_at(found, zone) in safe
    assert found.astimezone(ZoneInfo(zone)).minute in {0, 30}
    now = slot_at(at, zone)
    minutes = (at + n * MINUTE for n in range(1, (found - at) // MINUTE))
    assert all(slot_at(each, zone) not in safe or slot_at(each, zone) == now for each in minutes)


@pytest.mark.parametrize(
    ("said", "at", "opens"),
    [
        ("before 8am", (2027, 3, 27, 9), (2027, 3, 28, 0)),  # midnight in London, before the change
        ("after 6pm", (2027, 3, 28, 9), (2027, 3, 28, 17)),  # 18:00 is an hour sooner since
        ("after 6pm", (2027, 10, 31, 9), (2027, 10, 31, 18)),
        ("sundays 01:00 to 02:00", (2027, 3, 27, 9), (2027, 4, 4, 0)),  # there is none on the 28th of March
        ("sundays 01:00 to 02:00", (2027, 10, 31, 0, 45), (2027, 10, 31, 1)),  # and there are two in October
    ],
)
def test_safe_times_follow_the_clock_on_the_wall(
    said: str, at: tuple[int, ...], opens: tuple[int, ...]
) -> None:
    slots = slots_of(said)
    assert slots
    assert next_safe(slots, datetime(*at, tzinfo=UTC), LONDON) == datetime(*opens, tzinfo=UTC)
