"""Time from the enquiry to the first two-way contact, and the promises kept."""

from collections.abc import Callable
from dataclasses import dataclass

from crm.enums import FigureGroup, Level, PromiseState
from crm.reports import definitions
from crm.reports.durations import spoken_minutes
from crm.reports.enquiries import read
from crm.reports.figures import Figure
from crm.reports.tables import Cell, ChartKind, Column, Report, Row, Table
from crm.reports.window import Window
from crm.targets import target_minutes

_TIMES = """
SELECT grouping(level) = 0, grouping(hour) = 0, level, hour, count(*), count(minutes),
    percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY minutes),
    ARRAY[count(*) FILTER (WHERE promise = 'KEPT'), count(*) FILTER (WHERE promise = 'LATE'),
          count(*) FILTER (WHERE promise = 'BROKEN'), count(*) FILTER (WHERE promise = 'RUNNING')]
FROM (
    SELECT coalesce(level, '') AS level, extract(hour FROM local_time)::int AS hour, minutes, promise
    FROM answered
    WHERE standing = ANY(%(standings)s)
) AS waited
GROUP BY GROUPING SETS ((level), (hour), ())
"""


@dataclass(frozen=True)
class Waits:
    """How long one group of enquiries waited; times in minutes."""

    by_level: bool
    by_hour: bool
    level: str | None
    hour: int | None
    received: int
    spoken: int
    percentiles: list[float] | None
    promises: list[int]

    def of(self, promise: PromiseState) -> int:
        return self.promises[list(PromiseState).index(promise)]

    @property
    def due(self) -> int:
        """Return how many had their promise kept or broken, one way or the other."""
        return self.received - self.of(PromiseState.RUNNING)


def read_waits(window: Window, *groups: FigureGroup) -> list[Waits]:
    """Return the waits of each level and hour that has enquiries, and of all, in one query."""
    return read(Waits, window, _TIMES, standings=[group.value for group in groups])


def response_report(window: Window) -> Report:
    waits = read_waits(window, FigureGroup.CONVERSION, FigureGroup.EMERGENCY)
    return Report(
        tables=[_level_table(waits), _hour_table(waits)],
        has_leads=any(wait.received for wait in waits),
    )


def overall(waits: list[Waits]) -> Waits | None:
    return next((wait for wait in waits if not wait.by_level and not wait.by_hour), None)


def emergency_table(window: Window) -> Table:
    """Return the emergencies, which stand apart from conversion: people were told to call 999, A&E or 111."""
    waits = read_waits(window, FigureGroup.EMERGENCY)
    return Table(
        key="emergencies",
        title="Emergencies signposted",
        definition=definitions.EMERGENCIES,
        heading="Level",
        columns=_columns(),
        rows=_level_rows(waits, (Level.E1, Level.E2), FigureGroup.EMERGENCY),
    )


def _level_table(waits: list[Waits]) -> Table:
    return Table(
        key="by_level",
        title="By level",
        definition=definitions.BY_LEVEL,
        heading="Level",
        columns=_columns(),
        rows=_level_rows(waits, tuple(Level), FigureGroup.COUNTED),
        chart=ChartKind.BARS,
        unit="%",
    )


def _hour_table(waits: list[Waits]) -> Table:
    found = {wait.hour: wait for wait in waits if wait.by_hour}
    return Table(
        key="by_hour",
        title="By hour of the enquiry",
        definition=definitions.BY_HOUR,
        heading="Hour",
        columns=_columns(),
        rows=[Row(f"{hour:02}:00", _cells(found.get(hour), _at_hour(hour))) for hour in range(24)],
        chart=ChartKind.COLUMNS,
        unit="%",
    )


def _columns() -> list[Column]:
    return [
        Column("Enquiries"),
        Column("Spoken with"),
        Column("Median"),
        Column("90th percentile"),
        Column("In time", in_chart=True),
        Column("Late"),
        Column("Not reached"),
        Column("Still in time"),
    ]


def _level_rows(waits: list[Waits], levels: tuple[Level, ...], group: FigureGroup) -> list[Row]:
    found = {wait.level: wait for wait in waits if wait.by_level}
    rows = [Row(_level_words(level), _cells(found.get(level), _at_level(level, group))) for level in levels]
    if "" in found:
        rows.append(Row("Not yet routed", _cells(found[""], _at_level("", group))))
    return [*rows, Row("All", _cells(overall(waits), _everywhere(group)), is_total=True)]


def _level_words(level: Level) -> str:
    return f"{level}, within {spoken_minutes(target_minutes(level))}"


MakeFigure = Callable[[PromiseState | None, bool], Figure]


def _at_level(level: str, group: FigureGroup) -> MakeFigure:
    return lambda promise, spoken: Figure(group=group, level=level, promise=promise, spoken=spoken)


def _at_hour(hour: int) -> MakeFigure:
    return lambda promise, spoken: Figure(
        group=FigureGroup.COUNTED, hour=hour, promise=promise, spoken=spoken
    )


def _everywhere(group: FigureGroup) -> MakeFigure:
    return lambda promise, spoken: Figure(group=group, promise=promise, spoken=spoken)


def _cells(waits: Waits | None, figure: MakeFigure) -> list[Cell]:
    if waits is None:
        return [Cell.count(0), Cell.count(0), *[Cell(text="–")] * 3, *[Cell.count(0)] * 3]
    median, ninth = waits.percentiles or (None, None)
    kept = waits.of(PromiseState.KEPT)
    return [
        Cell.count(waits.received, figure(None, False)),
        Cell.count(waits.spoken, figure(None, True)),
        _time(median, figure),
        _time(ninth, figure),
        Cell.rate(kept, waits.due, figure(PromiseState.KEPT, False)),
        *(
            Cell.count(waits.of(promise), figure(promise, False))
            for promise in (PromiseState.LATE, PromiseState.BROKEN, PromiseState.RUNNING)
        ),
    ]


def _time(minutes: float | None, figure: MakeFigure) -> Cell:
    if minutes is None:
        return Cell(text="–")
    return Cell(text=spoken_minutes(minutes), value=round(minutes, 1), figure=figure(None, True))
