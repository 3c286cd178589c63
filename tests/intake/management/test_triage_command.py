"""The command line of the triage: JSON lines in and out, without a database."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from intake.triage.checks import SHIPPED_CASES, shipped_cases

ROOT = Path(__file__).resolve().parents[3]
NOWHERE = {
    "DJANGO_SETTINGS_MODULE": "config.settings.test",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/nothing",
    "REDIS_URL": "redis://127.0.0.1:9",
}
KEYS = ["id", "outcome", "queue", "level", "target_minutes", "rules", "holds", "messages"]


def run_triage(
    *arguments: str, lines: bytes = b"", **environment: str
) -> tuple[int, list[dict[str, Any]], str]:
    """Run `manage.py triage` in a process of its own, with servers that do not exist."""
    done = subprocess.run(
        [sys.executable, "manage.py", "triage", *arguments],
        input=lines,
        capture_output=True,
        cwd=ROOT,
        env=os.environ | NOWHERE | environment,
        timeout=60,
        check=False,
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr.decode()


def line(line_id: object, **answers: Any) -> bytes:
    return json.dumps({"id": line_id, "input": answers}).encode()


def test_a_file_of_cases_gives_one_result_each_in_order_without_a_database():
    status, results, errors = run_triage(str(SHIPPED_CASES))
    assert (status, errors) == (0, "")
    assert [result["id"] for result in results] == [case["id"] for case in shipped_cases()]
    assert all(list(result) == KEYS for result in results)
    assert [result["level"] for result in results] == [case["expected"]["level"] for case in shipped_cases()]


def test_a_bad_line_gets_an_error_in_its_place_and_the_rest_go_on():
    lines = [
        line("good"),
        b"not json",
        b"",
        b"[1]",
        b'{"id": "no input"}',
        b'{"input": {}}',
        b'{"id": true, "input": {}}',
        b'{"id": null, "input": {}}',
        line("list", substances={}),
        line("word", suicide="perhaps"),
        b'{"id": "nan", "input": {"pgsi": NaN}}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"id": "big", "input": {"pgsi": ' + b"9" * 6000 + b"}}",
        line(7, free_text="a\x00b" + "x" * 100_000),
    ]
    status, results, errors = run_triage("-", lines=b"\n".join(lines))
    assert (status, errors) == (1, "")
    bad_ids = [None, None, None, "no input", None, None, None, "list", "word", None, None, None, None]
    assert [result["id"] for result in results] == ["good", *bad_ids, 7]
    assert all(set(result) == {"id", "error"} for result in results[1:-1])
    assert results[9]["error"].startswith("suicide: ")
    assert list(results[-1]) == KEYS


@pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n", b"\n\n  \n"])
def test_the_end_of_the_file_is_no_bad_line(ending: bytes):
    status, results, _ = run_triage("-", lines=b"\xef\xbb\xbf" + line("only") + ending)
    assert (status, len(results)) == (0, 1)


def test_nothing_in_is_nothing_out():
    assert run_triage("-") == (0, [], "")


def test_each_result_is_written_at_once():
    """A program may ask line by line over a pipe that stays open."""
    command = [sys.executable, "manage.py", "triage", "-"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env=os.environ | NOWHERE
    ) as process:
        assert process.stdin
        assert process.stdout
        for line_id in (1, 2):
            process.stdin.write(line(line_id) + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == line_id
        process.stdin.close()
        assert process.wait(timeout=30) == 0


def test_a_reader_that_leaves_early_is_no_error():
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    command = [sys.executable, "manage.py", "triage", "-"]
    many = b"\n".join(line(number) for number in range(5000))
    with subprocess.Popen(command, bufsize=0, cwd=ROOT, env=os.environ | NOWHERE, **pipes) as process:
        process.stdin.write(line("first") + b"\n")
        process.stdout.readline()
        process.stdout.close()
        with suppress(BrokenPipeError):
            process.stdin.write(many)
        process.stdin.close()
        assert process.stderr.read() == b""


def test_a_missing_file_is_a_plain_error():
    status, results, errors = run_triage("/no/such/file.jsonl")
    assert (status, results) == (1, [])
    assert "Cannot read /no/such/file.jsonl" in errors
    assert "Traceback" not in errors


def test_personalised_signposts_off_changes_the_messages_and_nothing_else():
    asked = line("a", suicide="not_safe_now", substances=[{"name": "alcohol"}])
    _, [with_them], _ = run_triage("-", lines=asked)
    _, [without], _ = run_triage("-", lines=asked, PERSONALISED_SIGNPOSTS="off")
    assert with_them["messages"][0] == "M999"
    assert without["messages"] == ["S999", "S111"]
    assert without | {"messages": 0} == with_them | {"messages": 0}


def test_help_says_what_goes_in_and_what_comes_out():
    command = [sys.executable, "manage.py", "triage", "--help"]
    done = subprocess.run(command, capture_output=True, cwd=ROOT, env=os.environ | NOWHERE, check=True)
    assert b'{"id": "C01", "input": {' in done.stdout
    assert b"exit status is 1" in done.stdout
