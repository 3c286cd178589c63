"""When somebody who was not reached is tried again: not too soon, while staffed, at another time of day."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.cadence import SHIPPED, Cadence, next_try, spread, tries_from
from crm.enums import Level, PartOfDay
from crm.opening import OpeningHours, Shift

ALWAYS = OpeningHours("UTC")
OFFICE = OpeningHours(
    "Europe/London", always=False, shifts=tuple(Shift(day, time(9), time(18)) for day in range(5))
)
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize("level", Level)
def test_every_level_has_five_tries_or_more_and_then_a_decision(level: Level) -> None:
    cadence = Cadence(SHIPPED[level])
    assert cadence.most >= 5
    assert cadence.wait_after(cadence.most - 1)
    assert cadence.wait_after(cadence.most) is None


def test_six_tries_of_an_urgent_lead_take_about_five_days() -> None:
    cadence = Cadence(SHIPPED[Level.U2])
    assert cadence.most == 6
    assert timedelta(days=4) <= timedelta(minutes=sum(cadence.waits)) <= timedelta(days=5)


def test_a_short_wait_keeps_its_minute() -> None:
    soon = next_try(at=MONDAY, wait=timedelta(minutes=20), tried=[MONDAY], hours=ALWAYS)
    assert soon == MONDAY + timedelta(minutes=20)


def test_after_a_morning_in_vain_comes_an_afternoon_and_then_an_evening() -> None:
    day = timedelta(days=1)
    second = next_try(at=MONDAY, wait=day, tried=[MONDAY], hours=ALWAYS)
    third = next_try(at=second, wait=day, tried=[MONDAY, second], hours=ALWAYS)
    assert second == MONDAY + day + timedelta(hours=2)
    assert third.hour == 17


def test_only_the_chosen_parts_of_the_day_are_tried() -> None:
    mornings = Cadence((1440, 1440, 1440), frozenset({PartOfDay.MORNING}))
    tries = tries_from(MONDAY, mornings, OFFICE)
    assert [each.hour for each in tries[1:]] == [10, 10, 10]
    evenings = Cadence((1440, 1440), frozenset({PartOfDay.EVENING}))
    assert [each.hour for each in tries_from(MONDAY, evenings, OFFICE)[1:]] == [17, 17]


@given(
    at=MOMENTS, parts=st.sets(st.sampled_from(PartOfDay), min_size=1), waits=st.lists(st.integers(240, 5000))
)
def test_each_try_of_a_plan_comes_after_the_one_before(
    at: datetime, parts: set[PartOfDay], waits: list[int]
) -> None:
    tries = tries_from(at, Cadence(tuple(waits[:6]), frozenset(parts)), OFFICE)
    gaps = [later - sooner for sooner, later in pairwise(tries)]
    assert all(gap >= timedelta(minutes=wait) for gap, wait in zip(gaps, waits, strict=False))
    assert all(OFFICE.is_staffed(each) for each in tries[1:])


@pytest.mark.parametrize(
    ("tries", "days", "waits"),
    [(6, 5, (1440,) * 5), (4, 1, (480,) * 3), (2, 60, (20160,)), (21, 1, (72,) * 20)],
)
def test_tries_are_spread_evenly(tries: int, days: int, waits: tuple[int, ...]) -> None:
    assert spread(tries, days) == waits


def test_nobody_is_to_call_when_nobody_is_there() -> None:
    friday = datetime(2026, 3, 6, 16, 0, tzinfo=UTC)
    again = next_try(at=friday, wait=timedelta(days=1), tried=[friday], hours=OFFICE)
    assert again == datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


@given(at=MOMENTS, wait=st.integers(1, 5000), tried=st.lists(MOMENTS, max_size=6))
def test_a_try_is_never_before_its_wait_and_never_out_of_hours(
    at: datetime, wait: int, tried: list[datetime]
) -> None:
    again = next_try(at=at, wait=timedelta(minutes=wait), tried=tried, hours=OFFICE)
    assert at + timedelta(minutes=wait) <= again <= at + timedelta(minutes=wait, days=8)
    assert OFFICE.is_staffed(again)
