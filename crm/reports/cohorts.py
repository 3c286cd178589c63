"""Enquiries by the week or the month in which they came, and when a cohort is old enough to judge.

Pure: days of counts in, cohorts out. A daily roll-up of the same shape could take the place of the SQL.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings

from crm.enums import FUNNEL, CohortGrain
from crm.reports.window import Window

STEPS = range(1, len(FUNNEL) + 1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class DayCount:
    """The enquiries of one day: how many, and how many got to each step of the funnel."""

    day: date
    reached: tuple[int, ...]


@dataclass(frozen=True)
class Cohort:
    """The enquiries from `first` to `latest`; `reached[0]` is how many, `reached[5]` the admitted."""

    first: date
    latest: date
    reached: tuple[int, ...]

    def is_old_enough(self, step: int, today: date) -> bool:
        return self.latest < old_before(step, today)


def settling_days(step: int) -> int:
    """Return how many days after the enquiry the step has usually been made."""
    return int(settings.REPORT_SETTLED_AFTER_DAYS[FUNNEL[step - 1].value])


def old_before(step: int, today: date) -> date:
    """Return the day before which an enquiry has had time for the step."""
    return today - timedelta(days=settling_days(step))


def cohorts(days: Iterable[DayCount], window: Window, grain: CohortGrain) -> list[Cohort]:
    """Return every cohort of the window, empty ones too, oldest first. The ends are cut at the window."""
    by_start: dict[date, list[tuple[int, ...]]] = {}
    for count in days:
        by_start.setdefault(_start(count.day, grain), []).append(count.reached)
    found, start = [], _start(window.first, grain)
    while start <= window.latest:
        after = _start(start + timedelta(days=31 if grain == CohortGrain.MONTH else 7), grain)
        first, latest = max(start, window.first), min(after - DAY, window.latest)
        found.append(Cohort(first, latest, total(by_start.get(start, []))))
        start = after
    return found


def total(counts: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """Return the sums of the columns."""
    return tuple(map(sum, zip(*counts, strict=True))) if counts else (0,) * (len(STEPS) + 1)


def settled_total(days: Iterable[DayCount], step: int, today: date) -> tuple[int, ...]:
    """Return the sums over the days that are old enough to judge the step by."""
    limit = old_before(step, today)
    return total([count.reached for count in days if count.day < limit])


def _start(day: date, grain: CohortGrain) -> date:
    return day.replace(day=1) if grain == CohortGrain.MONTH else day - timedelta(days=day.weekday())
