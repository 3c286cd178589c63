"""python -m tests.faults.errands: load the product once, and do each errand in a fork of its own.

A line on standard input is a command line of Python without "python", as JSON; the line that answers it says
how that ended and what it printed. A new process for each would load everything anew: two seconds of a core.
"""

import json
import os
import runpy
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from importlib import import_module
from tempfile import TemporaryFile
from typing import IO

import django
from django.conf import settings


class Errands:
    """The other end: starts the process when it is first needed."""

    def __init__(self, *, env: Mapping[str, str], folder: str) -> None:
        self._env, self._folder = env, folder
        self._process: subprocess.Popen[str] | None = None

    def run(self, arguments: Sequence[str]) -> str:
        """Return what it printed. Raises CalledProcessError if it failed; its words are on standard error."""
        process = self._process = self._process or self._start()
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps(arguments) + "\n")
        process.stdin.flush()
        code, printed = json.loads(process.stdout.readline())
        if code:
            raise subprocess.CalledProcessError(code, arguments, printed)
        return str(printed)

    def stop(self) -> None:
        if self._process:
            self._process.communicate()

    def _start(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "tests.faults.errands"],
            cwd=self._folder,
            env=self._env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )


def main() -> None:
    django.setup()
    import_module(settings.ROOT_URLCONF)  # which the checks before a command would load
    for line in sys.stdin:
        with TemporaryFile("w+", encoding="utf-8") as out:
            code = _in_a_fork(json.loads(line), out)
            out.seek(0)
            print(json.dumps([code, out.read()]), flush=True)


def _in_a_fork(arguments: Sequence[str], out: IO[str]) -> int:
    """Return how a process ended that did it, with what it printed in `out`."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 1
    try:
        with redirect_stdout(out):
            code = _ending_of(arguments)
        out.flush()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _ending_of(arguments: Sequence[str]) -> int:
    """Return the status with which Python would end."""
    try:
        _do(arguments)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception:  # noqa: BLE001  whatever it is, the next errand has its turn
        traceback.print_exc()
        return 1
    return 0


def _do(arguments: Sequence[str]) -> None:
    """Do what Python does with them: a script, a module, or code."""
    first, *rest = arguments
    if first == "-c":
        exec(rest[0], {"__name__": "__main__"})
    elif first == "-m":
        sys.argv = rest
        runpy.run_module(rest[0], run_name="__main__", alter_sys=True)
    else:
        sys.argv = [first, *rest]
        runpy.run_path(first, run_name="__main__")


if __name__ == "__main__":
    main()
