"""What import-linter cannot see: foreign keys and other references by string must not point up the flow."""

import ast
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 400  # lines; a package by subject is easy to make of a file well before that
FLOW = ["intake", "crm", "notifications", "jobs", "vault"]  # each may use what stands to its right
MAY_USE = {app: set(FLOW[place:]) for place, app in enumerate(FLOW)} | {"jobs": {"jobs"}, "vault": {"vault"}}


@pytest.mark.parametrize("app", FLOW)
def test_no_model_points_up_the_flow(app: str) -> None:
    targets = {
        (model.__name__, field.related_model._meta.app_label)
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model
    }
    assert {target for target in targets if target[1] in set(FLOW) - MAY_USE[app]} == set()


@pytest.mark.parametrize("app", FLOW)
def test_no_module_names_a_module_up_the_flow_in_a_string(app: str) -> None:
    above = set(FLOW) - MAY_USE[app]
    named = {
        (path.relative_to(ROOT).as_posix(), text)
        for path in _sources(app)
        for text in _strings(path)
        if text.split(".")[0] in above and "." in text and " " not in text
    }
    assert named == set()


def test_nothing_reads_its_own_clock_where_the_database_clock_is_meant() -> None:
    """All times come from the database (RELIABILITY, point 6): no app calls timezone.now or datetime.now."""
    culprits = {
        path.relative_to(ROOT).as_posix()
        for app in FLOW
        for path in _sources(app)
        if {"timezone.now(", "datetime.now(", "datetime.utcnow("}
        & set(_calls(path.read_text(encoding="utf-8")))
    }
    assert culprits == set()


def test_apps_have_no_signals_and_no_module_without_a_job() -> None:
    forbidden = {"utils.py", "helpers.py", "common.py", "misc.py", "signals.py"}
    assert [path for app in FLOW for path in _sources(app) if path.name in forbidden] == []


def test_no_file_is_too_long_to_be_read_in_one_go() -> None:
    folders = [*FLOW, "config", "bench", "tests"]
    lengths = {
        path: path.read_text(encoding="utf-8").count("\n") for each in folders for path in _sources(each)
    }
    assert {path.relative_to(ROOT).as_posix() for path, lines in lengths.items() if lines > LONGEST} == set()


def _sources(app: str) -> list[Path]:
    return [path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]


def _strings(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _calls(source: str) -> list[str]:
    return [
        f"{ast.unparse(node.func)}(" for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)
    ]
