"""CSV files: everything in them, and nothing that a spreadsheet would run."""

import csv
import io

import pytest

from crm.reports.exports import csv_lines, harmless
from crm.reports.tables import Cell, Column, Row, Table

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =cmd|' /C calc'!A0", "＝1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_that_begins_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("value", ["leaflet", "a=b", "", "7 Jun", 12, -3, 28.4])
def test_harmless_text_and_numbers_stay_as_they_are(value: str | float) -> None:
    assert harmless(value) == value


def test_file_has_a_header_every_row_and_the_figures_beside() -> None:
    share = Cell.rate(1, 4)
    table = Table(
        key="sources",
        title="By source",
        definition="",
        heading="Source",
        columns=[Column("Leads"), Column("Admitted", beside="Admitted, %")],
        rows=[
            Row("=HYPERLINK(\"//evil\")", [Cell.count(1400), Cell(text="1", value=1, beside=share)]),
            Row("Weihnachtsbrief, ü", [Cell.count(3), Cell(text="1", value=1, beside=Cell.early())]),
        ],
        shown=1,
    )  # fmt: skip
    text = "".join(csv_lines(table))
    assert text.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(text.removeprefix("\ufeff")))) == [
        ["Source", "Leads", "Admitted", "Admitted, %"],
        ['\'=HYPERLINK("//evil")', "1400", "1", "25.0"],
        ["Weihnachtsbrief, ü", "3", "1", "too early to say"],
    ]
