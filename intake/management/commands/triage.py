"""Triage answers from a file or a pipe: JSON lines in, JSON lines out, no database."""

import json
import signal
import sys
from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from intake.triage.answers import AnswersError, parse_answers
from intake.triage.engine import CompiledRuleSet, RuleFailed, triage
from intake.triage.rules import shipped_rules

DESCRIPTION = """\
Say where enquiries would go, by the rules that ship with this version. Needs no database.

Reads JSON lines:   {"id": "C01", "input": {"enquirer": "self", "suicide": "unknown", ...}}
Writes JSON lines:  {"id", "outcome", "queue", "level", "target_minutes", "rules", "holds", "messages"}

One line out for each line in, in the same order, each written at once. A missing or null answer counts
as unknown or empty, and an unknown key is ignored. A line that makes no sense gives
{"id": ... or null, "error": "..."} in its place; the rest go on, and the exit status is 1.
Blank lines at the end are ignored.
"""


class BadLine(ValueError):
    """A line that cannot be triaged, and its id if it has one."""

    def __init__(self, line_id: str | int | None, reason: str) -> None:
        super().__init__(reason)
        self.line_id = line_id


class Command(BaseCommand):
    help = DESCRIPTION
    requires_system_checks = ()

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="a file of JSON lines, or - for standard input")

    def handle(self, *_args: Any, file: str, **_options: Any) -> None:
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # end quietly when the reader does, as `head` expects
        rules, all_good = shipped_rules(), True
        with _opened(file) as lines:
            for line in _without_blank_end(lines):
                result = _result_or_error(rules, line)
                all_good = all_good and "error" not in result
                self.stdout.write(json.dumps(result))
                self.stdout.flush()
        if not all_good:
            sys.exit(1)


def _opened(file: str) -> "nullcontext[BinaryIO] | BinaryIO":
    if file == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return Path(file).open("rb")
    except OSError as error:
        raise CommandError(f"Cannot read {file}: {error.strerror}.") from error


def _without_blank_end(lines: Iterable[bytes]) -> Iterator[bytes]:
    blanks = 0
    for line in lines:
        if not line.strip():
            blanks += 1
            continue
        yield from [b""] * blanks
        blanks = 0
        yield line


def _result_or_error(rules: CompiledRuleSet, line: bytes) -> dict[str, Any]:
    try:
        line_id, answers = _read(line)
        return {"id": line_id} | _triaged(rules, line_id, answers)
    except BadLine as bad:
        return {"id": bad.line_id, "error": str(bad)}


def _read(line: bytes) -> tuple[str | int, dict[str, Any]]:
    try:
        record = json.loads(line.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BadLine(None, "This line is not JSON.") from error
    if not isinstance(record, dict):
        raise BadLine(None, "This line is not an object.")
    line_id = record.get("id")
    if isinstance(line_id, bool) or not isinstance(line_id, str | int):
        raise BadLine(None, "id: Input should be a text or a whole number.")
    if not isinstance(record.get("input"), dict):
        raise BadLine(line_id, "input: Input should be an object.")
    return line_id, record["input"]


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _triaged(rules: CompiledRuleSet, line_id: str | int, answers: dict[str, Any]) -> dict[str, Any]:
    try:
        result = triage(rules, parse_answers(answers), personalised=settings.PERSONALISED_SIGNPOSTS)
    except (AnswersError, RuleFailed) as error:
        raise BadLine(line_id, str(error)) from error
    return result.to_dict()
