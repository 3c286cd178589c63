"""Lists that people upload: CSV as spreadsheets and phone systems write it. Pure: no database."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LARGEST = 5_000_000  # bytes; config.settings.base refuses to take in more
MOST_ROWS = 20_000
MOST_COLUMNS = 100
LONGEST_CELL = 20_000
DELIMITERS = ",;\t|"


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
    """Return the list. Raises NotATable."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=False)
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


def _numbered(lines: Iterable[list[str]]) -> list[tuple[int, list[str]]]:
    try:
        return list(enumerate(lines, start=1))
    except csv.Error:
        raise NotATable("The list breaks off inside a cell. Save it as CSV again.") from None


def _delimiter(text: str) -> str:
    """Return the sign that stands most often in the first line."""
    first = text.lstrip("\r\n").partition("\n")[0]
    return max(DELIMITERS, key=first.count)


def _plain(row: Sequence[str]) -> list[str]:
    return [cell.strip()[:LONGEST_CELL] for cell in row]


def _words(heading: str) -> str:
    letters = "".join(sign if sign.isalnum() else " " for sign in heading.casefold())
    return " ".join(letters.split())
