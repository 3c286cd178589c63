"""The demo's week: when enquiries come, and when somebody is there to answer."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from intake.demo.arrivals import arrival_times, is_staffed, when_staffed

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 6, 15, 12, 30, tzinfo=UTC)


def test_arrivals_are_in_order_and_within_the_days() -> None:
    times = arrival_times(count=2000, days=90, now=NOW, zone=LONDON, rng=Random(1))
    assert times == sorted(times)
    assert (len(times), times[-1] <= NOW) == (2000, True)
    assert times[0] >= NOW - timedelta(days=90)


def test_evenings_are_busier_than_nights_and_mondays_than_saturdays() -> None:
    times = [each.astimezone(LONDON) for each in _many()]
    hours, weekdays = Counter(each.hour for each in times), Counter(each.weekday() for each in times)
    assert hours[20] > 3 * hours[4]
    assert weekdays[0] > weekdays[5]


def test_arrivals_are_the_same_for_the_same_seed() -> None:
    assert _many() == _many()


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-06-15T14:00", "2026-06-15T14:00"),  # Monday, somebody is in
        ("2026-06-15T03:00", "2026-06-15T08:00"),
        ("2026-06-15T23:10", "2026-06-16T08:00"),
        ("2026-06-19T22:30", "2026-06-20T09:00"),  # Friday night
        ("2026-06-21T21:00", "2026-06-22T08:00"),  # Sunday evening
        ("2026-03-28T23:00", "2026-03-29T09:00"),  # the clocks go forward
        ("2026-10-24T23:00", "2026-10-25T09:00"),  # and back
    ],
)
def test_when_somebody_is_in(moment: str, opens: str) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=LONDON)
    assert when_staffed(at, LONDON) == datetime.fromisoformat(opens).replace(tzinfo=LONDON)
    assert is_staffed(when_staffed(at, LONDON), LONDON)


def _many() -> list[datetime]:
    return arrival_times(count=4000, days=84, now=NOW, zone=LONDON, rng=Random(7))
