"""Lists that people upload: CSV as spreadsheets and phone systems write it. Pure: no database."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LARGEST = 5_000_000  # bytes; config.settings.base refuses to take in more
MOST_ROWS = 20_000
MOST_COLUMNS = 100
LONGEST_CELL = 20_000
DELIMITERS = ",;\t|"
QUOTED = re.compile(r'"(?:[^"]|"")*"')
HEAD = 20_000  # characters, in which the headings are looked for
FOR_EXCEL = re.compile(r"\s*sep=(.)\r?\n", re.IGNORECASE)  # a first line that only says what stands between
AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)  # how a number keeps its first nought
SHORTENED = re.compile(r"\d([.,]\d+)?E\+?\d+", re.IGNORECASE)  # 7.7E+09: most of its digits are gone


class NotATable(ValueError):
    """It cannot be read as a list. The message says why, and repeats nothing of it."""


@dataclass(frozen=True, slots=True)
class Table:
    """A list: its headings, and its rows without the empty ones, each with its number in the file."""

    headings: list[str]
    rows: list[tuple[int, list[str]]]

    def cells(self, place: int, columns: Mapping[str, int]) -> dict[str, str]:
        """Return the cells of the row at a place in `rows` by what their columns mean; "" beyond its end."""
        _, row = self.rows[place]
        return {name: row[column] if column < len(row) else "" for name, column in columns.items()}


def decoded(raw: bytes) -> str:
    """Return the text of a file: UTF-8, UTF-16 with its mark, or what Excel on Windows writes.

    Raises NotATable for anything that is no text.
    """
    has_mark = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ["utf-16"] if has_mark else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise NotATable("This is not a CSV file. Save the list as CSV first.")


def read_table(text: str) -> Table:
    """Return the list. Raises NotATable.

    Strictly: a quotation mark that is never closed would make one cell of all rows below it, unseen.
    """
    said = FOR_EXCEL.match(text)
    text = text[said.end() :] if said else text
    delimiter = said[1] if said else _delimiter(text)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    numbered = [(number, _plain(row)) for number, row in _numbered(lines)]
    rows = [(number, row) for number, row in numbered if any(row)]
    if len(rows) < 2:
        raise NotATable("There are no rows below the headings.")
    if len(rows) > MOST_ROWS + 1:
        raise NotATable(f"There are more than {MOST_ROWS:,} rows. Divide the list.")
    headings = rows[0][1]
    if len(headings) > MOST_COLUMNS:
        raise NotATable(f"There are more than {MOST_COLUMNS} columns.")
    return Table(headings, rows[1:])


def guessed_columns(headings: Sequence[str], known: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Return which column is probably which, by the words that headings are known to be."""
    plain = [_words(heading) for heading in headings]
    found: dict[str, int] = {}
    for name, words in known.items():
        places = [plain.index(_words(word)) for word in words if _words(word) in plain]
        if places and places[0] not in found.values():
            found[name] = places[0]
    return found


def is_shortened(cell: str) -> bool:
    """Return whether a spreadsheet has written a long number in its short form, and lost most of it."""
    return bool(SHORTENED.fullmatch(cell))


def _numbered(lines: Iterable[list[str]]) -> list[tuple[int, list[str]]]:
    found: list[tuple[int, list[str]]] = []
    try:
        found.extend(enumerate(lines, start=1))
    except csv.Error:
        why = f"Row {len(found) + 1} breaks off inside a cell"
        raise NotATable(f"{why}: mend its quotation marks, or save the list as CSV again.") from None
    return found


def _delimiter(text: str) -> str:
    """Return the sign that stands most often in the first line, outside of quotation marks."""
    plain = QUOTED.sub("", text.lstrip("\r\n")[:HEAD])
    first = plain.partition("\n")[0]
    return max(DELIMITERS, key=first.count)


def _plain(row: Sequence[str]) -> list[str]:
    return [AS_TEXT.sub(r"\1", cell.strip())[:LONGEST_CELL] for cell in row]


def _words(heading: str) -> str:
    letters = "".join(sign if sign.isalnum() else " " for sign in heading.casefold())
    return " ".join(letters.split())
