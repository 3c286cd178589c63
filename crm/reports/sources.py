"""Where enquiries come from and what they are about, and how many become an admission."""

from dataclasses import dataclass, replace
from datetime import date

from crm.answer_labels import label
from crm.enums import FUNNEL, FigureGroup, Stage
from crm.reports import definitions
from crm.reports.cohorts import old_before
from crm.reports.enquiries import read
from crm.reports.figures import Figure
from crm.reports.tables import Cell, ChartKind, Column, Report, Row, Table
from crm.reports.window import Window

ADMITTED = FUNNEL.index(Stage.ADMITTED) + 1
NOT_RECORDED = "Not recorded"

_COUNTS = """
SELECT grouping(source) = 0, coalesce(source, main_substance),
    left(encode(sha256(convert_to(coalesce(source, main_substance), 'UTF8')), 'hex'), 12),
    count(*) FILTER (WHERE enquired), count(*) FILTER (WHERE NOT enquired),
    count(*) FILTER (WHERE enquired AND furthest_step >= 1),
    count(*) FILTER (WHERE enquired AND furthest_step >= 5),
    count(*) FILTER (WHERE enquired AND local_time < %(old)s),
    count(*) FILTER (WHERE enquired AND furthest_step >= 5 AND local_time < %(old)s)
FROM (
    SELECT source, main_substance, furthest_step, local_time, standing = 'conversion' AS enquired
    FROM enquiry WHERE standing IN ('conversion', 'emergency')
) AS counted
GROUP BY GROUPING SETS ((source), (main_substance))
ORDER BY 4 DESC, 2
"""


@dataclass(frozen=True)
class Origin:
    """The enquiries of one source, or about one main substance. `digest` names it in addresses."""

    is_source: bool
    name: str
    digest: str
    received: int
    emergencies: int
    contacted: int
    admitted: int
    old: int
    admitted_of_old: int


def sources_report(window: Window) -> Report:
    before = old_before(ADMITTED, window.today)
    origins = read(Origin, window, _COUNTS, old=before)
    sources = [
        Row(origin.name or NOT_RECORDED, _cells(origin, before, Figure(source=origin.digest)))
        for origin in origins
        if origin.is_source
    ]
    substances = [
        Row(label(origin.name) or NOT_RECORDED, _cells(origin, before, Figure(substance=origin.digest)))
        for origin in origins
        if not origin.is_source
    ]
    return Report(
        tables=[
            _table("by_source", "By source", "Source", definitions.source(before), sources),
            _table(
                "by_substance", "By main substance", "Substance", definitions.substance(before), substances
            ),
        ],
        has_leads=bool(origins),
    )


def _table(key: str, title: str, heading: str, definition: str, rows: list[Row]) -> Table:
    return Table(
        key=key,
        title=title,
        definition=definition,
        heading=heading,
        columns=_columns(),
        rows=rows,
        chart=ChartKind.BARS,
        shown=25,
    )


def _columns() -> list[Column]:
    return [
        Column("Enquiries", in_chart=True),
        Column("Contacted"),
        Column("Admitted", "so far", in_chart=True),
        Column("Old enough"),
        Column("Admission rate", "of those old enough"),
        Column("Emergencies", "not among the others"),
    ]


def _cells(origin: Origin, before: date, figure: Figure) -> list[Cell]:
    rate = Cell.rate(origin.admitted_of_old, origin.old, replace(figure, step=ADMITTED, old=before))
    return [
        Cell.count(origin.received, figure),
        Cell.count(origin.contacted, replace(figure, step=1)),
        Cell.count(origin.admitted, replace(figure, step=ADMITTED)),
        Cell.count(origin.old, replace(figure, old=before)),
        rate if origin.old else Cell.early(),
        Cell.count(origin.emergencies, replace(figure, group=FigureGroup.EMERGENCY)),
    ]
