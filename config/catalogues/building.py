"""django.mo, which Django reads, from each django.po that is newer. Needs neither Django nor a database."""

from pathlib import Path
from typing import IO

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from config.catalogues.places import LANGUAGES, catalogue_of, read_catalogue, replace_file


def build_catalogues() -> list[Path]:
    """Return the files that were built anew."""
    stale = [language for language in LANGUAGES if _is_stale(catalogue_of(language))]
    return [_build(language) for language in stale]


def _is_stale(source: Path) -> bool:
    built = source.with_suffix(".mo")
    return source.exists() and not (built.exists() and built.stat().st_mtime >= source.stat().st_mtime)


def _build(language: str) -> Path:
    built = catalogue_of(language).with_suffix(".mo")
    replace_file(built, read_catalogue(language), _write)
    return built


def _write(target: IO[bytes], catalog: Catalog) -> None:
    write_mo(target, catalog)
