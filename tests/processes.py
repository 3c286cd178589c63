"""Processes that a test starts, kills, stops and continues. Each has a session of its own and a log file."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import psutil
from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

PATIENCE = 180.0  # seconds, on a machine that does much else


def places_of_the_test() -> dict[str, str]:
    """Return the environment in which a process finds the database, broker and keys of this test."""
    place = connection.settings_dict
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    return {
        "DATABASE_URL": make_conninfo("", **{key: place[name] for key, name in names.items()}),
        "BROKER_URL": settings.CELERY_BROKER_URL,
        "VAULT_KEYSETS": settings.VAULT_KEYSETS,
        "CELERY_SKIP_CHECKS": "1",
    }


def wait_until(answer: Callable[[], object], *, seconds: float = PATIENCE, what: str = "it") -> float:
    """Wait until `answer()` is true; return how many seconds that took. Fails the test after `seconds`."""
    started = time.monotonic()
    while not answer():
        assert time.monotonic() - started < seconds, f"{what} did not happen within {seconds} seconds"
        time.sleep(0.05)
    return time.monotonic() - started


class Process:
    """One process of the product, by its command."""

    def __init__(self, name: str, command: list[str], *, env: Mapping[str, str], folder: Path) -> None:
        self.name, self.command, self.env = name, command, dict(env)
        self.log = folder / f"{name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process, f"{self.name} was never started"
        return self._process.pid

    def start(self) -> "Process":
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                cwd=settings.BASE_DIR,
                env={**os.environ, **self.env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def send(self, number: signal.Signals) -> None:
        """Signal the process alone."""
        os.kill(self.pid, number)

    def send_all(self, number: signal.Signals) -> None:
        """Signal the process and everything that it started."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def children(self) -> list[psutil.Process]:
        """Return the processes that it started, and theirs."""
        return psutil.Process(self.pid).children(recursive=True)

    def terminate(self, *, seconds: float = PATIENCE) -> float:
        """Ask it to stop and return how long that took."""
        started = time.monotonic()
        self.send(signal.SIGTERM)
        assert self._process
        self._process.wait(timeout=seconds)
        return time.monotonic() - started

    def kill(self) -> None:
        """Kill it with everything that it started."""
        if self._process is not None:
            self.send_all(signal.SIGKILL)
            self._process.wait(timeout=PATIENCE)

    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_for_output(self, words: str, *, seconds: float = PATIENCE) -> float:
        """Wait until its log holds the words."""

        def said() -> bool:
            assert self.is_alive() or words in self.output(), f"{self.name} ended:\n{self.output()[-3000:]}"
            return words in self.output()

        return wait_until(said, seconds=seconds, what=f"{words!r} in the log of {self.name}")


def manage(*arguments: str) -> list[str]:
    """Return the command line of a management command."""
    return [sys.executable, "manage.py", *arguments]


def celery(*arguments: str) -> list[str]:
    """Return the command line of a Celery program."""
    return [sys.executable, "-m", "celery", "-A", "config", *arguments]


def worker(*queues: str, name: str = "worker", children: int = 1) -> list[str]:
    """Return the command line of a Celery worker, as the Procfile has it."""
    options = ["--concurrency", str(children), "--hostname", f"{name}@%h", "--loglevel", "INFO"]
    return celery("worker", "--queues", ",".join(queues), *options, "--without-gossip", "--without-mingle")
