"""When a person will be in touch, in words."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from crm.calling import CallPromise
from crm.enums import ContactMethod
from crm.opening import OpeningHours, Shift
from intake.promise import Promise, promise_of

NOW = datetime(2027, 3, 27, 23, 30, tzinfo=UTC)  # a Saturday; the clocks go forward at 01:00


CALLS = frozenset({ContactMethod.CALL})
OFFICE = OpeningHours("Europe/London", always=False, shifts=(Shift(0, time(9), time(17)),))  # Mondays


def promised(
    after: timedelta,
    time_zone: str = "Europe/London",
    ways: frozenset[ContactMethod] = CALLS,
    hours: OpeningHours | None = None,
    **told: Any,
) -> Promise:
    promise = CallPromise(NOW + after, **told)
    return promise_of(promise=promise, ways=ways, hours=hours or OpeningHours(time_zone), at=NOW)


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (timedelta(minutes=5), "23:35 today"),
        (timedelta(minutes=30), "00:00 tomorrow"),
        (timedelta(hours=2), "02:30 tomorrow"),
        (timedelta(days=2), "00:30 on Tuesday 30 March"),
        (timedelta(days=-1), "23:30 yesterday"),
    ],
)
def test_the_moment_is_said_as_people_say_it(after: timedelta, words: str) -> None:
    assert promised(after).when == words


def test_the_time_is_that_of_the_centre() -> None:
    assert promised(timedelta(minutes=5), "America/New_York").when == "19:35 today"


def test_a_promise_is_past_once_its_time_has_come() -> None:
    assert not promised(timedelta(seconds=1)).is_past
    assert promised(timedelta(0)).is_past


@pytest.mark.parametrize(
    ("ways", "way"),
    [
        ({ContactMethod.CALL, ContactMethod.EMAIL}, "call you"),
        ({ContactMethod.EMAIL, ContactMethod.TEXT}, "e-mail you"),
        ({ContactMethod.TEXT}, "text you"),
        ({ContactMethod.VOICEMAIL}, "leave you a voicemail"),
        ({ContactMethod.POST}, ""),
        (set(), ""),
    ],
)
def test_only_a_safe_and_quick_way_is_promised(ways: set[ContactMethod], way: str) -> None:
    assert promised(timedelta(minutes=5), ways=frozenset(ways)).way == way


def test_it_says_who_is_there_now_and_when_the_next_person_is() -> None:
    away = promised(timedelta(minutes=5), hours=OFFICE)
    assert (away.is_staffed, away.back_at) == (False, "09:00 on Monday 29 March")
    assert promised(timedelta(minutes=5)).is_staffed


def test_a_time_that_may_be_missed_is_an_aim() -> None:
    opens, late = NOW + timedelta(hours=9), timedelta(hours=10)
    assert promised(timedelta(minutes=30), nobody_until=opens).is_aim
    assert not promised(late, nobody_until=opens).is_aim
    leaves = promised(late, closes_at=opens)
    assert (leaves.is_aim, leaves.closes_at) == (True, "09:30 tomorrow")
    assert not promised(late).is_aim
