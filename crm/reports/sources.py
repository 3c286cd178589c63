"""Where enquiries come from and what they are about, and how many become an admission."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

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
SELECT CASE WHEN grouping(source) = 0 THEN 'source' WHEN grouping(campaign) = 0 THEN 'campaign'
            WHEN grouping(landing) = 0 THEN 'landing' ELSE 'substance' END,
    coalesce(source, campaign, landing, main_substance),
    left(encode(sha256(convert_to(coalesce(source, campaign, landing, main_substance), 'UTF8')), 'hex'), 12),
    count(*) FILTER (WHERE enquired), count(*) FILTER (WHERE NOT enquired),
    count(*) FILTER (WHERE enquired AND furthest_step >= 1),
    count(*) FILTER (WHERE enquired AND furthest_step >= 5),
    count(*) FILTER (WHERE enquired AND local_time < %(old)s),
    count(*) FILTER (WHERE enquired AND furthest_step >= 5 AND local_time < %(old)s)
FROM (
    SELECT source, campaign, landing, main_substance, furthest_step, local_time,
        standing = 'conversion' AS enquired
    FROM enquiry WHERE standing IN ('conversion', 'emergency')
) AS counted
GROUP BY GROUPING SETS ((source), (campaign), (landing), (main_substance))
ORDER BY 4 DESC, 2
"""


@dataclass(frozen=True)
class Origin:
    """The enquiries of one source, campaign, first page or substance. `digest` names it in addresses."""

    kind: str
    name: str
    digest: str
    received: int
    emergencies: int
    contacted: int
    admitted: int
    old: int
    admitted_of_old: int

    @property
    def words(self) -> str:
        return (label(self.name) if self.kind == "substance" else self.name) or NOT_RECORDED

    @property
    def figure(self) -> Figure:
        named: dict[str, Any] = {self.kind: self.digest}
        return Figure(**named)


@dataclass(frozen=True)
class Dimension:
    """One table: what its rows are, and the words around it. One may be left out while it is empty."""

    kind: str
    title: str
    heading: str
    definition: Callable[[date], str]
    is_optional: bool = False


DIMENSIONS = (
    Dimension("source", "By source", "Source", definitions.source),
    Dimension("campaign", "By campaign", "Campaign", definitions.campaign, is_optional=True),
    Dimension("landing", "By first page", "First page", definitions.landing, is_optional=True),
    Dimension("substance", "By main substance", "Substance", definitions.substance),
)


def sources_report(window: Window) -> Report:
    before = old_before(ADMITTED, window.today)
    origins = read(Origin, window, _COUNTS, old=before)
    tables = [_table(each, origins, before) for each in DIMENSIONS if _is_shown(each, origins)]
    return Report(tables=tables, has_leads=bool(origins))


def _is_shown(dimension: Dimension, origins: list[Origin]) -> bool:
    return not dimension.is_optional or any(each.name for each in origins if each.kind == dimension.kind)


def _table(dimension: Dimension, origins: list[Origin], before: date) -> Table:
    rows = [Row(each.words, _cells(each, before)) for each in origins if each.kind == dimension.kind]
    return Table(
        key=f"by_{dimension.kind}",
        title=dimension.title,
        definition=dimension.definition(before),
        heading=dimension.heading,
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


def _cells(origin: Origin, before: date) -> list[Cell]:
    figure = origin.figure
    rate = Cell.rate(origin.admitted_of_old, origin.old, replace(figure, step=ADMITTED, old=before))
    return [
        Cell.count(origin.received, figure),
        Cell.count(origin.contacted, replace(figure, step=1)),
        Cell.count(origin.admitted, replace(figure, step=ADMITTED)),
        Cell.count(origin.old, replace(figure, old=before)),
        rate if origin.old else Cell.early(),
        Cell.count(origin.emergencies, replace(figure, group=FigureGroup.EMERGENCY)),
    ]
