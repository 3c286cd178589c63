"""What a report is made of: tables of cells. The page, the chart and the CSV file all read the same table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from django.db.models import TextChoices

from crm.reports.durations import share, spoken_share
from crm.reports.figures import Figure

TOO_EARLY = "too early to say"


class ChartKind(TextChoices):
    BARS = "bars", "Horizontal bars"
    COLUMNS = "columns", "Upright bars"
    LINES = "lines", "Lines"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One figure: its words, its plain value for charts and files, and the leads that it counts.

    `beside` is a second figure in the same cell, such as the share that a count makes.
    """

    text: str
    value: float | str | None = None
    figure: Figure | None = None
    is_early: bool = False
    beside: "Cell | None" = None

    @classmethod
    def count(cls, number: int, figure: Figure | None = None) -> Self:
        """Return a number that opens its list; an empty list is not worth a link."""
        return cls(text=f"{number:,}", value=number, figure=figure if number else None)

    @classmethod
    def rate(cls, part: int, whole: int, figure: Figure | None = None) -> Self:
        """Return a percentage that opens the list of its part."""
        value = share(part, whole)
        return cls(text=spoken_share(value), value=value, figure=figure if part else None)

    @classmethod
    def early(cls) -> Self:
        return cls(text=TOO_EARLY, is_early=True)


@dataclass(frozen=True)
class Column:
    """A column's heading; `hint` explains it on the page, `in_chart` puts it into the chart.

    `beside` names the second figures of its cells, which are a column of their own in the CSV file; where it
    is given, the chart shows those.
    """

    title: str
    hint: str = ""
    in_chart: bool = False
    beside: str = ""


@dataclass(frozen=True)
class Row:
    heading: str
    cells: Sequence[Cell]
    is_total: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """A titled table with its definition: what is counted, in words. `key` names its CSV file."""

    key: str
    title: str
    definition: str
    heading: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    chart: ChartKind | None = None
    unit: str = ""
    shown: int = 60

    @property
    def page_rows(self) -> Sequence[Row]:
        """Return the rows that the page has room for; the CSV file has all of them."""
        return self.rows[: self.shown]

    @property
    def hidden(self) -> int:
        return max(len(self.rows) - self.shown, 0)


@dataclass(frozen=True, kw_only=True)
class Report:
    """One page of figures. Without leads it says `empty` instead of tables full of noughts."""

    tables: Sequence[Table]
    has_leads: bool
    empty: str = "No enquiries in these dates"

    def table(self, key: str) -> Table | None:
        return next((table for table in self.tables if table.key == key), None)
