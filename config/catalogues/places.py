"""Where the catalogues are, and how one is read and written."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Protocol

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "locale"
TEMPLATE = LOCALE / "django.pot"
LANGUAGES = ("cy", "pl", "ro", "ar")  # English is the source
FIRST_MADE = datetime(2026, 11, 22, tzinfo=UTC)  # a date of today would change at every run
COMMENT = "# The public words of Threshold. docs/how-to/translate.md says how to work on them."


class _Writer(Protocol):
    def __call__(self, fileobj: IO[bytes], catalog: Catalog, /) -> None: ...


def empty_catalogue(language: str | None = None) -> Catalog:
    return Catalog(
        locale=language,
        domain="django",
        project="Threshold",
        version="1",
        header_comment=COMMENT,
        last_translator="a draft, not yet read by a translator",
        language_team=language or "",
        charset="utf-8",
        creation_date=FIRST_MADE,
        revision_date=FIRST_MADE,
        fuzzy=False,
    )


def catalogue_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read_catalogue(language: str) -> Catalog:
    """Return a language's catalogue, an empty one if there is none yet."""
    path = catalogue_of(language)
    if not path.exists():
        return empty_catalogue(language)
    with path.open("rb") as source:
        return read_po(source, locale=language, domain="django", abort_invalid=True)


def write_catalogue(path: Path, catalog: Catalog) -> None:
    """Write it with the files that use each entry, but no line numbers, which change with every edit."""

    def write(target: IO[bytes], words: Catalog) -> None:
        write_po(target, words, width=100, sort_output=True, include_lineno=False)

    replace_file(path, catalog, write)


def replace_file(path: Path, catalog: Catalog, write: _Writer) -> None:
    """Put a whole file in the place of the old one at once: several processes may do so together."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as draft:
        write(draft, catalog)
    Path(draft.name).chmod(0o644)
    Path(draft.name).replace(path)
