"""Reading a report's tables as a person does: by the words of a row and a column."""

from crm.reports.tables import Cell, Report, Table


def cell(report: Report, table: str, row: str, column: str) -> Cell:
    found = part(report, table)
    line = next(each for each in found.rows if each.heading == row)
    return line.cells[[each.title for each in found.columns].index(column)]


def part(report: Report, table: str) -> Table:
    found = report.table(table)
    assert found is not None
    return found


def words(report: Report, table: str, row: str) -> list[str]:
    return [
        each.text for each in next(line for line in part(report, table).rows if line.heading == row).cells
    ]


def headings(report: Report, table: str) -> list[str]:
    return [row.heading for row in part(report, table).rows]
