"""The promise to a caller, as the staffed hours allow."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.calling import CallPromise, call_by, call_promise
from crm.enums import Level, Queue
from crm.opening import OpeningHours
from crm.targets import respond_by
from tests.crm.test_opening import HOURS, MOMENTS, NINE_TO_FIVE

OFFICE = OpeningHours("Europe/London", always=False, shifts=NINE_TO_FIVE)
URGENT = [level for level in Level if level.queue == Queue.URGENT]
LEVELS = st.sampled_from(list(Level))
MONDAY_NIGHT = datetime(2027, 1, 4, 23, tzinfo=UTC)
FRIDAY = datetime(2027, 1, 8, 16, 30, tzinfo=UTC)


@settings(deadline=None)
@given(LEVELS, MOMENTS, HOURS)
def test_a_promise_is_never_before_now_nor_before_its_target(
    level: Level, at: datetime, hours: OpeningHours
) -> None:
    due = call_by(level, at, hours)
    assert due > at
    assert due >= respond_by(level, at)


@settings(deadline=None)
@given(st.sampled_from([Level.P1, Level.P2]), MOMENTS, HOURS)
def test_a_pre_booked_promise_falls_in_or_right_after_staffed_time(
    level: Level, at: datetime, hours: OpeningHours
) -> None:
    due, target = call_by(level, at, hours), respond_by(level, at)
    opens = hours.next_opening(target)
    assert due in ({target, opens + timedelta(hours=1)} if opens else {target})
    assert hours.is_staffed(target) == (due == target) or opens is None


@settings(deadline=None)
@given(st.sampled_from(URGENT), MOMENTS, HOURS)
def test_an_urgent_level_keeps_its_target_at_any_hour(
    level: Level, at: datetime, hours: OpeningHours
) -> None:
    assert call_promise(level, at, hours).call_by == respond_by(level, at)


@settings(deadline=None)
@given(LEVELS, MOMENTS, HOURS)
def test_nobody_is_said_to_be_away_who_is_there(level: Level, at: datetime, hours: OpeningHours) -> None:
    promise = call_promise(level, at, hours)
    if hours.is_staffed(at):
        assert promise.nobody_until is None
        assert promise.closes_at is None or at < promise.closes_at < promise.call_by
    else:
        assert promise.nobody_until == hours.next_opening(at)


def test_where_nobody_ever_comes_nothing_is_promised() -> None:
    nobody = OpeningHours("Europe/London", always=False)
    assert all(call_promise(level, MONDAY_NIGHT, nobody).is_aim for level in Level)


@pytest.mark.parametrize("level", list(Level))
def test_where_somebody_is_always_there_nothing_but_the_target_counts(level: Level) -> None:
    always = OpeningHours("Europe/London")
    assert call_promise(level, MONDAY_NIGHT, always) == CallPromise(respond_by(level, MONDAY_NIGHT))


def test_at_night_an_urgent_caller_is_told_when_the_next_person_comes() -> None:
    promise = call_promise(Level.U1, MONDAY_NIGHT, OFFICE)
    assert promise.call_by == MONDAY_NIGHT + timedelta(minutes=30)
    assert promise.nobody_until == datetime(2027, 1, 5, 9, tzinfo=UTC)


def test_before_closing_an_urgent_caller_is_told_that_we_close() -> None:
    promise = call_promise(Level.U2, FRIDAY, OFFICE)
    assert (promise.nobody_until, promise.closes_at) == (None, FRIDAY + timedelta(minutes=30))
    assert call_promise(Level.E2, FRIDAY, OFFICE).closes_at is None


def test_a_stay_that_is_planned_on_friday_is_talked_about_in_the_first_hour_of_monday() -> None:
    assert call_promise(Level.P1, FRIDAY, OFFICE).call_by == datetime(2027, 1, 11, 10, tzinfo=UTC)
