"""Tables as CSV files that no spreadsheet takes for a programme."""

import csv
from collections.abc import Iterator

from crm.reports.tables import Cell, Row, Table

BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as something else
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class _Echo:
    """A file for csv.writer that hands back each line."""

    def write(self, line: str) -> str:
        return line


def csv_lines(table: Table) -> Iterator[str]:
    """Yield the lines of the table's file: a header, then every row, the hidden ones too."""
    write = csv.writer(_Echo(), quoting=csv.QUOTE_NONNUMERIC).writerow
    yield BYTE_ORDER_MARK + str(write(map(harmless, _header(table))))
    for row in table.rows:
        yield str(write(map(harmless, _values(row))))


def harmless(value: str | float) -> str | float:
    """Return text that a spreadsheet shows and never evaluates: an apostrophe goes before a formula's start.

    https://owasp.org/www-community/attacks/CSV_Injection
    """
    if isinstance(value, str) and value.lstrip(" ").startswith(_STARTS_A_FORMULA):
        return f"'{value}"
    return value


def _header(table: Table) -> list[str]:
    titles = [title for column in table.columns for title in (column.title, column.beside) if title]
    return [table.heading, *titles]


def _values(row: Row) -> list[str | float]:
    return [row.heading, *(value for cell in row.cells for value in _both(cell))]


def _both(cell: Cell) -> list[str | float]:
    value = cell.text if cell.value is None else cell.value
    return [value, *(_both(cell.beside) if cell.beside else [])]
