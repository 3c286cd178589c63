"""Lists as people have them: from spreadsheets, with signs of all kinds, broken."""

import contextlib
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.csv_files import NotATable, decoded, guessed_columns, is_shortened, read_table


@pytest.mark.parametrize(
    "raw",
    [
        "Name,Phone\nZoë,1".encode(),
        "Name,Phone\nZoë,1".encode("utf-8-sig"),
        "Name,Phone\nZoë,1".encode("utf-16"),
        "Name,Phone\r\nZoë,1\r\n".encode("cp1252"),
    ],
)
def test_what_spreadsheets_write_is_read(raw: bytes) -> None:
    table = read_table(decoded(raw))
    assert (table.headings, table.rows) == (["Name", "Phone"], [(2, ["Zoë", "1"])])


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_sign_between_cells_is_found(sign: str) -> None:
    assert read_table(f"a{sign}b\n1{sign}2").rows == [(2, ["1", "2"])]


def test_signs_inside_quotation_marks_do_not_count() -> None:
    table = read_table('"Name, first, then last";Phone\n"Ada, the ""first""";1\n')
    assert (table.headings[1], table.rows) == ("Phone", [(2, ['Ada, the "first"', "1"])])


@pytest.mark.parametrize("first", ["sep=;\r\n", "SEP=;\n"])
def test_the_line_that_excel_puts_first_is_no_row(first: str) -> None:
    assert read_table(f"{first}a;b\n1,5;2").rows == [(2, ["1,5", "2"])]


@pytest.mark.parametrize("rows", ['A,"open\nB,2\nC,3\n', 'A,"open\nB,"2"\nC,3\n', 'A,"x"y\nB,2\n'])
def test_rows_below_a_quotation_mark_that_is_never_closed_are_not_lost_unseen(rows: str) -> None:
    with pytest.raises(NotATable, match="Row 2 breaks off"):
        read_table(f"name,note\n{rows}")


def test_a_line_break_in_a_cell_is_no_new_row() -> None:
    assert read_table('a,b\r\n1,"x\r\ny"\r\n3,4').rows == [(2, ["1", "x\r\ny"]), (3, ["3", "4"])]


def test_a_number_that_was_kept_as_text_is_the_number() -> None:
    assert read_table('a,b\n="07700900123","=""017"""').rows == [(2, ["07700900123", "017"])]


@pytest.mark.parametrize(("cell", "is_so"), [("7.70E+09", True), ("4,47E+11", True), ("E1", False)])
def test_a_number_that_was_shortened_is_noticed(cell: str, is_so: bool) -> None:
    assert is_shortened(cell) == is_so


def test_empty_rows_are_passed_over_and_the_numbers_stay() -> None:
    assert read_table("a,b\n\n , \n1,2\n,\n3,4").rows == [(4, ["1", "2"]), (6, ["3", "4"])]


def test_a_short_row_has_empty_cells() -> None:
    table = read_table("a,b\n1\n2,3,4")
    assert [table.cells(place, {"x": 0, "y": 1}) for place in (0, 1)] == [
        {"x": "1", "y": ""},
        {"x": "2", "y": "3"},
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "only,headings", "a\n" + "1\n" * 20_001, "," * 200 + "x\n1"])
def test_what_is_no_list_is_refused_in_words(text: str) -> None:
    with pytest.raises(NotATable, match=r"\.$"):
        read_table(text)


@pytest.mark.parametrize("raw", [b"PK\x03\x04\x00\x00", b"\x00\x01", b"\xff\xfe\x00\xd8"])
def test_what_is_no_text_is_refused(raw: bytes) -> None:
    with pytest.raises(NotATable):
        decoded(raw)


def test_columns_are_guessed_by_their_headings() -> None:
    known = {"phone": ("phone", "mobile number"), "name": ("name",), "email": ("e mail",)}
    assert guessed_columns(["Full", "E-Mail", "MOBILE_NUMBER ", "Name"], known) == {
        "phone": 2,
        "name": 3,
        "email": 1,
    }


@given(st.binary(max_size=300))
def test_no_file_breaks_the_reader(raw: bytes) -> None:
    with contextlib.suppress(NotATable):
        assert read_table(decoded(raw)).rows


CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@given(st.lists(st.lists(CELL, min_size=2, max_size=2), min_size=1, max_size=5))
def test_what_was_written_as_csv_is_read_again(rows: list[list[str]]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([["first", "second"], *rows])
    wanted = [[cell.strip() for cell in row] for row in rows]
    if not any(any(row) for row in wanted):
        return
    assert [row for _, row in read_table(file.getvalue()).rows] == [row for row in wanted if any(row)]
