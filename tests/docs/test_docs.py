"""What the documents name is there: pages, files, modules, settings, targets of make."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings.base import ANYMAIL_NAMES

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "assets/README.md"])
ROOMS = {each.name for each in ROOT.iterdir() if each.is_dir()}
CODE = ("config", "intake", "crm", "notifications", "jobs", "vault")
READERS = {f"env.{kind}" for kind in ("text", "flag", "number", "items", "networks", "origins", "secrets")}
READ_ELSEWHERE = {"PORT", "DATA_DIR", "GRANIAN_*"}  # before there are settings, and by granian
OF_DJANGO = {"check", "collectstatic", "createsuperuser", "migrate"}


def _name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def _code_spans(page: Path) -> list[str]:
    return re.findall(r"`([^`\n]+)`", page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    inside = [link for link in links if "://" not in link]
    assert [link for link in inside if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_files_and_modules_that_a_page_names_are_there(page: Path) -> None:
    spans = [span.split()[0].rstrip("/") for span in _code_spans(page)]
    paths = {span for span in spans if span.split("/")[0] in ROOMS and re.fullmatch(r"[\w./-]+", span)}
    assert {path for path in paths if "/" in path and not (ROOT / path).exists()} == set()
    modules = {span for span in spans if re.fullmatch(rf"({'|'.join(CODE)})(\.\w+)+", span)}
    assert {module for module in modules if not _is_known(module)} == set()


def _is_known(dotted: str) -> bool:
    """Return whether a module is there and has the name that may stand behind it."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        place = ROOT.joinpath(*parts[:length])
        file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
        if file.exists():
            source = file.read_text(encoding="utf-8")
            return all(re.search(rf"\b{name}\b", source) for name in parts[length:])
    return False


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_targets_of_make_that_a_page_names_are_there(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {span.split()[1] for span in _code_spans(page) if re.match(r"make [a-z]", span)}
    assert named - targets == set()


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_commands_that_a_page_names_are_there(page: Path) -> None:
    known = {path.stem for app in CODE for path in (ROOT / app).glob("management/commands/*.py")}
    named = set(re.findall(r"manage\.py ([a-z_]+)", page.read_text(encoding="utf-8")))
    assert named - known - OF_DJANGO == set()


def test_every_setting_is_in_the_table_and_every_row_is_a_setting() -> None:
    page = (ROOT / "docs/how-to/configure.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[^|]+`) \|", page, re.MULTILINE)
    listed = {name for row in rows for name in re.findall(r"`([A-Z_*]+)`", row)}
    read = set(_settings_read())
    assert read - listed == set()
    assert listed - read - READ_ELSEWHERE - set(ANYMAIL_NAMES) == set()


def _settings_read() -> Iterator[str]:
    """Return the first argument of every call of a reader of config.env."""
    for path in (ROOT / "config").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in READERS:
                yield from _plain(node.args[0])


def _plain(given: ast.expr) -> list[str]:
    """Return a name that stands in the call itself; those of a loop are read by name elsewhere, too."""
    return [str(given.value)] if isinstance(given, ast.Constant) else []


def test_decisions_have_a_number_each() -> None:
    decisions = sorted((ROOT / "docs/adr").glob("*.md"))
    numbers = [int(path.name[:4]) for path in decisions]
    assert numbers == list(range(1, len(decisions) + 1))
    assert [path.read_text(encoding="utf-8").split(".")[0] for path in decisions] == [
        f"# {number}" for number in numbers
    ]
