"""Days folded into weeks and months, and when these are old enough to judge."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from crm.enums import CohortGrain
from crm.models import Site
from crm.reports.cohorts import Cohort, DayCount, cohorts, old_before, settled_total, settling_days, total
from tests.crm.reports.past import window

TODAY = date(2026, 6, 15)
NOBODY = (0, 0, 0, 0, 0, 0)
# no database: a window needs no site to have days
VIEW = replace(window(Site()), first=date(2025, 12, 30), latest=date(2026, 1, 12))


def test_weeks_begin_on_monday_and_cross_the_year() -> None:
    days = [DayCount(date(2025, 12, 31), (2, 1, 0, 0, 0, 0)), DayCount(date(2026, 1, 1), (3, 3, 1, 0, 0, 0))]
    found = cohorts(days, VIEW, CohortGrain.WEEK)
    assert [(each.first.isoformat(), each.latest.isoformat()) for each in found] == [
        ("2025-12-30", "2026-01-04"),
        ("2026-01-05", "2026-01-11"),
        ("2026-01-12", "2026-01-12"),
    ]
    assert [each.reached for each in found] == [(5, 4, 1, 0, 0, 0), NOBODY, NOBODY]


def test_months_are_cut_at_the_window() -> None:
    found = cohorts([], VIEW, CohortGrain.MONTH)
    assert [(each.first, each.latest) for each in found] == [
        (date(2025, 12, 30), date(2025, 12, 31)),
        (date(2026, 1, 1), date(2026, 1, 12)),
    ]


@pytest.mark.parametrize("grain", CohortGrain)
def test_cohorts_cover_every_day_once(grain: CohortGrain) -> None:
    view = replace(VIEW, first=date(2024, 1, 1), latest=date(2026, 6, 15))
    found = cohorts([], view, grain)
    assert (found[0].first, found[-1].latest) == (view.first, view.latest)
    gaps = {later.first - earlier.latest for earlier, later in pairwise(found)}
    assert gaps == {timedelta(days=1)}


@pytest.mark.parametrize("step", range(1, 6))
def test_a_cohort_is_old_enough_the_day_after_its_time(step: int) -> None:
    latest = TODAY - timedelta(days=settling_days(step))
    assert not Cohort(latest, latest, NOBODY).is_old_enough(step, TODAY)
    assert Cohort(latest, latest, NOBODY).is_old_enough(step, TODAY + timedelta(days=1))
    assert old_before(step, TODAY) == latest


def test_later_steps_take_longer() -> None:
    days = [settling_days(step) for step in range(1, 6)]
    assert days == sorted(days)


def test_settled_total_leaves_out_the_young_days() -> None:
    limit = old_before(5, TODAY)
    days = [DayCount(limit - timedelta(days=1), (4, 3, 2, 1, 1, 1)), DayCount(limit, (9, 9, 9, 9, 9, 9))]
    assert settled_total(days, 5, TODAY) == (4, 3, 2, 1, 1, 1)
    assert settled_total([], 5, TODAY) == total([]) == NOBODY
