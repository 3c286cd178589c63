"""When enquiries come and when somebody is there: the curves of a week and a day."""

from bisect import bisect
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

# Enquiries by hour of the day: quiet at four in the morning, busy before noon and again in the evening.
BY_HOUR = (2.2, 1.6, 1.2, 0.9, 0.8, 0.9, 1.3, 2.2, 3.6, 5.2, 6.2, 6.4, 5.6, 5.2, 5.4, 5.6, 5.4, 5.2, 5.6, 6.2,
           6.4, 5.6, 4.4, 3.2)  # fmt: skip
BY_WEEKDAY = (1.28, 1.12, 1.04, 1.0, 0.92, 0.74, 0.9)  # Monday first
GROWTH = 0.15  # more at the end than at the beginning
HOUR = timedelta(hours=1)


def arrival_times(*, count: int, days: int, now: datetime, zone: ZoneInfo, rng: Random) -> list[datetime]:
    """Return so many moments of the last `days` days, in order, none later than now."""
    hours = list(_hours(days=days, now=now))
    weights = list(accumulate(_weight(hour.astimezone(zone), n / len(hours)) for n, hour in enumerate(hours)))
    found = []
    for _ in range(count):
        hour = hours[bisect(weights, rng.random() * weights[-1])]
        found.append(min(hour + rng.random() * HOUR, now))
    return sorted(found)


def is_staffed(moment: datetime, zone: ZoneInfo) -> bool:
    """Return whether coordinators are in: 8 to 22, at weekends 9 to 20. Else somebody is on call."""
    local = moment.astimezone(zone)
    opens, closes = _opening(local)
    return opens <= local.hour < closes


def when_staffed(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment itself, or the next at which coordinators are in."""
    local = moment.astimezone(zone)
    while not is_staffed(local, zone):
        day = local.date() + timedelta(days=1 if local.hour >= _opening(local)[1] else 0)
        opens = _opening(datetime.combine(day, time(12), tzinfo=zone))[0]
        local = datetime.combine(day, time(opens), tzinfo=zone)
    return local.astimezone(moment.tzinfo)


def _hours(*, days: int, now: datetime) -> Iterator[datetime]:
    start = now - timedelta(days=days)
    for number in range(days * 24):
        yield start + number * HOUR


def _weight(local: datetime, progress: float) -> float:
    return BY_HOUR[local.hour] * BY_WEEKDAY[local.weekday()] * (1 + GROWTH * progress)


def _opening(local: datetime) -> tuple[int, int]:
    return (9, 20) if local.weekday() >= 5 else (8, 22)
