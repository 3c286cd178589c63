"""Why leads were closed, and from which stage."""

from collections import Counter

from crm.enums import ALLOWED_MOVES, Disposition, FigureGroup, Stage
from crm.reports import definitions
from crm.reports.enquiries import read
from crm.reports.figures import Figure
from crm.reports.tables import Cell, ChartKind, Column, Report, Row, Table
from crm.reports.window import Window

CLOSABLE = tuple(stage for stage, moves in ALLOWED_MOVES.items() if Stage.CLOSED in moves)

_CLOSED = """
SELECT disposition, coalesce(closed_from, ''), count(*)
FROM enquiry LEFT JOIN closing ON closing.lead_id = enquiry.id
WHERE stage = 'CLOSED' GROUP BY 1, 2
"""


def closed_report(window: Window) -> Report:
    counts: Counter[tuple[str, str]] = Counter()
    for disposition, stage, number in read(_as_is, window, _CLOSED):
        counts[disposition, stage] += number
    return Report(
        tables=[_reasons_table(counts)],
        has_leads=bool(counts),
        empty="Nothing that came in these dates is closed",
    )


def _as_is(disposition: str, stage: str, number: int) -> tuple[str, str, int]:
    return disposition, stage, number


def _reasons_table(counts: Counter[tuple[str, str]]) -> Table:
    of_reason: Counter[str] = Counter()
    for (disposition, _), number in counts.items():
        of_reason[disposition] += number
    rows = [_reason_row(Disposition(reason), counts, of_reason) for reason, _ in of_reason.most_common()]
    return Table(
        key="reasons",
        title="By reason",
        definition=definitions.CLOSED,
        heading="Reason",
        columns=_columns(),
        rows=[*rows, _total_row(counts)] if rows else [],
        chart=ChartKind.BARS,
    )


def _columns() -> list[Column]:
    stages = [Column(f"From {stage.label.lower()}") for stage in CLOSABLE]
    return [Column("Closed", in_chart=True), Column("Share"), *stages]


def _reason_row(reason: Disposition, counts: Counter[tuple[str, str]], of_reason: Counter[str]) -> Row:
    figure = Figure(group=FigureGroup.EVERY, disposition=reason.value)
    cells = [
        Cell.count(of_reason[reason], figure),
        Cell.rate(of_reason[reason], of_reason.total(), figure),
        *(_from_cell(counts[reason, stage], stage, reason) for stage in CLOSABLE),
    ]
    return Row(reason.label, cells)


def _total_row(counts: Counter[tuple[str, str]]) -> Row:
    everything = Figure(group=FigureGroup.EVERY, closed=True)
    cells = [Cell.count(counts.total(), everything), Cell.rate(1, 1, everything)]
    for stage in CLOSABLE:
        number = sum(found for (_, left), found in counts.items() if left == stage)
        cells.append(_from_cell(number, stage, None))
    return Row("All", cells, is_total=True)


def _from_cell(number: int, stage: Stage, reason: Disposition | None) -> Cell:
    figure = Figure(
        group=FigureGroup.EVERY,
        closed=True,
        closed_from=stage.value,
        disposition=reason.value if reason else None,
    )
    return Cell.count(number, figure)
