"""Alerts: how soon somebody answered, after which step and how, and what became of the messages.

Nobody is named: who answered stands here by role and duty only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from crm.enums import AlertEnding, AlertLevel, Duty, FigureGroup, Role, StepsNeeded
from crm.reports import definitions
from crm.reports.alert_messages import messages_table, tries_table
from crm.reports.definitions import ENOUGH
from crm.reports.durations import spoken_minutes
from crm.reports.enquiries import read
from crm.reports.figures import Figure
from crm.reports.tables import Cell, ChartKind, Column, Report, Row, Table
from crm.reports.window import Window
from notifications.enums import Acknowledgement

ANY = Figure(group=FigureGroup.EVERY, alerted=True)

_ANSWERS = """
SELECT CASE WHEN grouping(role) = 0 THEN 'role' WHEN grouping(told_level) = 0 THEN 'alert_level'
            WHEN grouping(alert_hour) = 0 THEN 'alert_hour' WHEN grouping(steps) = 0 THEN 'steps'
            WHEN grouping(how) = 0 THEN 'how' WHEN grouping(duty) = 0 THEN 'duty' ELSE 'all' END,
    coalesce(role, told_level, alert_hour::text, steps, how, duty, ''),
    count(*), percentile_cont(ARRAY[0.5, 0.9, 0.99]) WITHIN GROUP (ORDER BY minutes),
    ARRAY[count(*) FILTER (WHERE ending = 'ACKNOWLEDGED'), count(*) FILTER (WHERE ending = 'OVER'),
          count(*) FILTER (WHERE ending = 'LOWERED'), count(*) FILTER (WHERE ending = 'RUNNING')],
    ARRAY[count(*) FILTER (WHERE how <> '' AND steps = 'FIRST'),
          count(*) FILTER (WHERE how <> '' AND steps = 'SECOND'),
          count(*) FILTER (WHERE how <> '' AND steps = 'LATER'),
          count(*) FILTER (WHERE how <> '' AND steps = 'REPEATED')],
    count(*) FILTER (WHERE lapsed)
FROM alert
GROUP BY GROUPING SETS ((told_level), (alert_hour), (steps), (how), (duty), (role), ())
"""


@dataclass(frozen=True)
class Answers:
    """One group of alerts. `percentiles` are minutes until the answer, of those that had one.

    `endings` are in the order of AlertEnding; `answered_after` counts answers, in that of StepsNeeded;
    `lapsed` those after which nobody called, so that it alerted again.
    """

    kind: str
    value: str
    alerts: int
    percentiles: list[float] | None
    endings: list[int]
    answered_after: list[int]
    lapsed: int

    def of(self, ending: AlertEnding) -> int:
        return self.endings[list(AlertEnding).index(ending)]

    @property
    def answered(self) -> int:
        return self.of(AlertEnding.ACKNOWLEDGED)


NONE = Answers("", "", 0, None, [0] * len(AlertEnding), [0] * len(StepsNeeded), 0)


Found = dict[tuple[str, str], Answers]


@dataclass(frozen=True)
class Part:
    """One table: the column that its rows come from, its values in words, and the words around it."""

    kind: str
    values: dict[str, str]
    key: str
    title: str
    heading: str
    definition: str
    chart: ChartKind = ChartKind.BARS

    def lines(self, found: Found) -> list[tuple[str, Answers, Figure]]:
        """Return the words of each row, its alerts, and which leads it opens."""
        return [
            (words, found.get((self.kind, value), NONE), self.figure_of(value))
            for value, words in self.values.items()
        ]

    def figure_of(self, value: str) -> Figure:
        asked: dict[str, Any] = {self.kind: int(value) if value.isdecimal() else value}
        return replace(ANY, **asked)


LEVELS = Part(
    "alert_level",
    dict(AlertLevel.choices),
    "by_level",
    "Time to an answer, by level",
    "Level",
    definitions.ALERTS,
)
HOURS = Part(
    "alert_hour",
    {str(hour): f"{hour:02}:00" for hour in range(24)},
    "by_hour",
    "By hour of the alert",
    "Hour",
    definitions.ALERTS_BY_HOUR,
    ChartKind.COLUMNS,
)
DUTIES = Part("duty", dict(Duty.choices), "by_duty", "By duty of whoever answered", "Duty", definitions.DUTY)
STEPS = Part(
    "steps",
    dict(StepsNeeded.choices),
    "steps",
    "Steps that it took",
    "The alert went as far as",
    definitions.ALERT_STEPS,
)
ROLES = Part(
    "role",
    dict(Role.choices),
    "by_role",
    "Role of whoever answered, by step",
    "Role",
    definitions.ALERT_ROLES,
)
WAYS = Part(
    "how", dict(Acknowledgement.choices), "by_way", "How they answered", "How", definitions.ALERT_WAYS
)


def alerts_report(window: Window) -> Report:
    """Return everything about the alerts of a window, in three queries."""
    found = read_answers(window)
    return Report(
        tables=[
            _levels_table(found),
            _times_table(HOURS, found),
            _answers_table(DUTIES, found),
            _steps_table(found),
            _roles_table(found),
            _answers_table(WAYS, found),
            messages_table(window),
            tries_table(window),
        ],
        has_leads=_all(found).alerts > 0,
        empty="No alerts about enquiries of these dates",
    )


def read_answers(window: Window) -> Found:
    """Return the alerts of a window by level, hour, steps, way, duty and role, and all; one query."""
    return {(each.kind, each.value): each for each in read(Answers, window, _ANSWERS)}


def _all(found: Found) -> Answers:
    return found.get(("all", ""), NONE)


def _times_table(part: Part, found: Found) -> Table:
    """Return a table of alerts, answered or not."""
    rows = [Row(words, _all_cells(group, figure)) for words, group, figure in part.lines(found)]
    total = Row("All", _all_cells(_all(found), ANY), is_total=True)
    columns = [Column("Alerts", in_chart=True), *_TIMES, Column("Not answered")]
    return _table(part, columns, [*rows, total])


def _levels_table(found: Found) -> Table:
    """Return the times by level, and how many of the answers were none in the end."""
    table = _times_table(LEVELS, found)
    groups = [*LEVELS.lines(found), ("All", _all(found), ANY)]
    rows = [
        replace(row, cells=[*row.cells, Cell.count(group.lapsed, replace(figure, lapsed=True))])
        for row, (_, group, figure) in zip(table.rows, groups, strict=True)
    ]
    return replace(table, columns=[*table.columns, Column("Answered, then alerted again")], rows=rows)


def _answers_table(part: Part, found: Found) -> Table:
    """Return a table of answered alerts. Their share is of all that were answered."""
    answered = _all(found).answered
    rows = [
        Row(words, [*_time_cells(group, figure), Cell.rate(group.answered, answered, figure)])
        for words, group, figure in part.lines(found)
    ]
    return _table(part, [*_TIMES, Column("Share of answers", in_chart=True)], rows, unit="%")


def _steps_table(found: Found) -> Table:
    alerts = _all(found).alerts
    rows = [
        Row(words, [*_count_and_share(group, figure, alerts), *_ending_cells(group, figure)])
        for words, group, figure in STEPS.lines(found)
    ]
    total = [*_count_and_share(_all(found), ANY, alerts), *_ending_cells(_all(found), ANY)]
    counts = [Column("Alerts"), Column("Share of alerts", in_chart=True), Column("Answered")]
    return _table(STEPS, [*counts, *_ENDINGS], [*rows, Row("All", total, is_total=True)], unit="%")


def _roles_table(found: Found) -> Table:
    rows = [Row(words, _role_cells(group, figure)) for words, group, figure in ROLES.lines(found)]
    return replace(_table(ROLES, [Column(step.label) for step in StepsNeeded], rows), chart=None)


def _table(part: Part, columns: Sequence[Column], rows: Sequence[Row], *, unit: str = "") -> Table:
    return Table(
        key=part.key,
        title=part.title,
        definition=part.definition,
        heading=part.heading,
        columns=columns,
        rows=rows,
        chart=part.chart,
        unit=unit,
    )


_TIMES = (Column("Answered"), Column("Median"), Column("90th percentile"), Column("99th percentile"))
_ENDINGS = (Column("Not answered yet"), Column("Lead over first"), Column("Lowered first"))


def _all_cells(group: Answers, figure: Figure) -> list[Cell]:
    nobody = Cell.count(group.alerts - group.answered, replace(figure, unanswered=True))
    return [Cell.count(group.alerts, figure), *_time_cells(group, figure), nobody]


def _count_and_share(group: Answers, figure: Figure, alerts: int) -> list[Cell]:
    return [Cell.count(group.alerts, figure), Cell.rate(group.alerts, alerts, figure)]


def _ending_cells(group: Answers, figure: Figure) -> list[Cell]:
    """Return how many were answered, go on, and ended otherwise."""
    endings = (AlertEnding.ACKNOWLEDGED, AlertEnding.RUNNING, AlertEnding.OVER, AlertEnding.LOWERED)
    return [Cell.count(group.of(ending), replace(figure, ending=ending.value)) for ending in endings]


def _time_cells(group: Answers, figure: Figure) -> list[Cell]:
    """Return how many were answered, and how soon; too few of them say nothing."""
    answered = replace(figure, ending=AlertEnding.ACKNOWLEDGED.value)
    times = group.percentiles or (None,) * len(ENOUGH)
    cells = [
        _time(minutes, answered, is_enough=group.answered >= enough)
        for minutes, enough in zip(times, ENOUGH, strict=True)
    ]
    return [Cell.count(group.answered, answered), *cells]


def _time(minutes: float | None, figure: Figure, *, is_enough: bool) -> Cell:
    if minutes is None:
        return Cell(text="–")
    if not is_enough:
        return Cell.early()
    return Cell(text=spoken_minutes(minutes), value=round(minutes, 1), figure=figure)


def _role_cells(group: Answers, figure: Figure) -> list[Cell]:
    return [
        Cell.count(number, replace(figure, steps=step.value))
        for step, number in zip(StepsNeeded, group.answered_after, strict=True)
    ]
