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
    header = [table.heading, *(column.title for column in table.columns)]
    yield BYTE_ORDER_MARK + str(write(map(harmless, header)))
    for row in table.rows:
        yield str(write(map(harmless, _values(row))))


def harmless(value: str | float) -> str | float:
    """Return text that a spreadsheet shows and never evaluates: an apostrophe goes before a formula's start.

    https://owasp.org/www-community/attacks/CSV_Injection
    """
    if isinstance(value, str) and value.lstrip(" ").startswith(_STARTS_A_FORMULA):
        return f"'{value}"
    return value


def _values(row: Row) -> list[str | float]:
    return [row.heading, *map(_value, row.cells)]


def _value(cell: Cell) -> str | float:
    return cell.text if cell.value is None else cell.value
