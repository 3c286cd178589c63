"""The conversion funnel: received → contacted → assessing → offered → booked → admitted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from crm.enums import FUNNEL, CohortGrain, FigureGroup
from crm.reports import definitions
from crm.reports.cohorts import STEPS, Cohort, DayCount, cohorts, old_before, settled_total, total
from crm.reports.enquiries import read
from crm.reports.figures import Figure
from crm.reports.response_times import emergency_table
from crm.reports.tables import Cell, ChartKind, Column, Report, Row, Table
from crm.reports.window import Window

_DAILY = """
SELECT standing, local_time::date, ARRAY[count(*),
    count(*) FILTER (WHERE furthest_step >= 1), count(*) FILTER (WHERE furthest_step >= 2),
    count(*) FILTER (WHERE furthest_step >= 3), count(*) FILTER (WHERE furthest_step >= 4),
    count(*) FILTER (WHERE furthest_step >= 5)]
FROM enquiry GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Funnel:
    """The days of each standing, as they were read."""

    window: Window
    days: dict[str, list[DayCount]]

    @property
    def conversion(self) -> list[DayCount]:
        return self.days.get(FigureGroup.CONVERSION, [])

    def received(self, group: FigureGroup) -> int:
        return total([day.reached for day in self.days.get(group, [])])[0]


def read_funnel(window: Window) -> Funnel:
    """Return the counts of every day of the window, in one query."""
    days: dict[str, list[DayCount]] = {}
    for standing, day in read(_standing_and_day, window, _DAILY):
        days.setdefault(standing, []).append(day)
    return Funnel(window, days)


def _standing_and_day(standing: str, day: date, reached: list[int]) -> tuple[str, DayCount]:
    return standing, DayCount(day, tuple(reached))


def funnel_report(window: Window, grain: CohortGrain = CohortGrain.WEEK) -> Report:
    """Return the funnel, its cohorts, what stands beside it, and the emergencies."""
    funnel = read_funnel(window)
    return Report(
        tables=[
            _steps_table(funnel),
            _cohorts_table(cohorts(funnel.conversion, window, grain), window.today),
            _beside_table(funnel),
            emergency_table(window),
        ],
        has_leads=bool(funnel.days),
    )


def _steps_table(funnel: Funnel) -> Table:
    return Table(
        key="steps",
        title="From enquiry to admission",
        definition=definitions.steps(),
        heading="Step",
        columns=[
            Column("Enquiries", "so far", in_chart=True),
            Column("Old enough", "received long enough ago to judge the step by"),
            Column("Got there", "of those old enough"),
            Column("Of received", "got there, of all old enough"),
            Column("Of the step before", "got there, of those who got to the step before"),
        ],
        rows=[_received_row(funnel), *(_step_row(funnel, step) for step in STEPS)],
        chart=ChartKind.BARS,
    )


def _received_row(funnel: Funnel) -> Row:
    number = funnel.received(FigureGroup.CONVERSION)
    count = Cell.count(number, Figure())
    return Row("Received", [count, count, count, Cell.rate(number, number, Figure()), Cell(text="–")])


def _step_row(funnel: Funnel, step: int) -> Row:
    today = funnel.window.today
    now, settled = (
        total([day.reached for day in funnel.conversion]),
        settled_total(funnel.conversion, step, today),
    )
    old = old_before(step, today)
    there = Figure(step=step, old=old)
    count = Cell.count(now[step], Figure(step=step))
    if not settled[0]:
        return Row(FUNNEL[step - 1].label, [count, Cell.count(0), *[Cell.early()] * 3])
    cells = [
        Cell.count(settled[0], Figure(old=old)),
        Cell.count(settled[step], there),
        Cell.rate(settled[step], settled[0], there),
        Cell.rate(settled[step], settled[step - 1], there),
    ]
    return Row(FUNNEL[step - 1].label, [count, *cells])


def _cohorts_table(found: Sequence[Cohort], today: date) -> Table:
    steps = [Column(stage.label, beside=f"{stage.label}, %", in_chart=True) for stage in FUNNEL]
    with_year = bool(found) and found[0].first.year != today.year
    return Table(
        key="cohorts",
        title="By when they enquired",
        definition=definitions.COHORTS,
        heading="Enquired",
        columns=[Column("Received"), *steps],
        rows=[Row(_dates(cohort, with_year=with_year), _cohort_cells(cohort, today)) for cohort in found],
        chart=ChartKind.LINES,
        unit="%",
        shown=120,
    )


def _cohort_cells(cohort: Cohort, today: date) -> list[Cell]:
    received = Figure(first=cohort.first, latest=cohort.latest)
    steps = [_cohort_cell(cohort, step, received, today) for step in STEPS]
    return [Cell.count(cohort.reached[0], received), *steps]


def _cohort_cell(cohort: Cohort, step: int, received: Figure, today: date) -> Cell:
    figure = replace(received, step=step)
    share = Cell.rate(cohort.reached[step], cohort.reached[0])
    share = share if cohort.is_old_enough(step, today) else Cell.early()
    return replace(Cell.count(cohort.reached[step], figure), beside=share)


def _dates(cohort: Cohort, *, with_year: bool) -> str:
    """Return "3 to 9 Mar", "30 Mar to 5 Apr" or "1 Mar", each with its year when asked."""
    first, latest = cohort.first, cohort.latest
    end = f"{latest.day} {latest:%b %Y}" if with_year else f"{latest.day} {latest:%b}"
    if first == latest:
        return end
    month = "" if first.month == latest.month else f" {first:%b}"
    year = f" {first.year}" if first.year != latest.year else ""
    return f"{first.day}{month}{year} to {end}"


def _beside_table(funnel: Funnel) -> Table:
    now = total([day.reached for day in funnel.conversion])
    rows = [
        Row("Never contacted", [Cell.count(now[0] - now[1], Figure(untouched=True))]),
        *(
            Row(str(group.label), [Cell.count(funnel.received(group), Figure(group=group))])
            for group in (FigureGroup.EMERGENCY, FigureGroup.REVIEW, FigureGroup.DROPPED)
        ),
    ]
    return Table(
        key="beside",
        title="Beside the funnel",
        definition=definitions.BESIDE,
        heading="Which",
        columns=[Column("Leads")],
        rows=rows,
    )
