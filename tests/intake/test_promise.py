"""When a person will be in touch, in words."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from intake.contact import parse_contact
from intake.promise import Promise, promise_of

NOW = datetime(2027, 3, 27, 23, 30, tzinfo=UTC)  # a Saturday; the clocks go forward at 01:00


def promised(after: timedelta, time_zone: str = "Europe/London", **contact: Any) -> Promise:
    reached = parse_contact({"phone": "07700 900123"} | contact)
    return promise_of(call_by=NOW + after, contact=reached, at=NOW, time_zone=time_zone)


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
    ("contact", "way"),
    [
        ({}, "call you"),
        ({"email": "sam@example.org", "safe_contact": ["email"]}, "e-mail you"),
        ({"safe_contact": ["text"]}, "be in touch"),
    ],
)
def test_only_a_safe_way_is_promised(contact: dict[str, Any], way: str) -> None:
    assert promised(timedelta(minutes=5), **contact).way == way
