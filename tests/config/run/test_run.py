"""`python -m config.run` as people use it: everything comes up, works together, and goes away."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import psutil
import pytest

from config.run.leftovers import MARK
from config.servers.ports import free_port, is_free
from tests.processes import wait_until

ROOT = Path(__file__).resolve().parent.parent.parent.parent
STARTING, STOPPING = 300, 60  # seconds, of a machine that has other things to do
GONE = 5  # seconds until the process table of such a machine says so; nothing outlives a run
NOT_OURS = (
    "DATABASE_URL",
    "REDIS_URL",
    "BROKER_URL",
    "CACHE_URL",
    "DJANGO_SETTINGS_MODULE",
    "MAKELEVEL",
    "PYTEST_",
)


class Threshold:
    """One run and what it printed."""

    def __init__(self, folder: Path, *, port: int, **environment: str) -> None:
        self.folder, self.port, self.lines = folder, port, []
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(NOT_OURS)}
        own = {"DATA_DIR": str(folder), "PORT": str(port), "DEMO_DATA": "off"}
        own["STATIC_ROOT"] = str(folder.parent / "static")
        command = [sys.executable, "-m", "config.run"]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        environment = inherited | own | environment
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True, **pipes)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        with self.process.stdout as output:
            for line in output:
                self.lines.append(line)

    @property
    def output(self) -> str:
        return "".join(self.lines)

    def wait_for(self, text: str, *, seconds: float = STARTING) -> None:
        deadline = time.monotonic() + seconds
        while text not in self.output:
            assert self.process.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            time.sleep(0.1)

    def wait_until_ready(self) -> None:
        self.wait_for(f"Threshold is ready at http://127.0.0.1:{self.port}\n")

    def ready(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return answer.status == 200
        except (HTTPError, OSError):
            return False

    def pid_of(self, name: str) -> int:
        """Return the process of that name in the Procfile."""
        words = {"web": "granian", "dispatcher": "dispatch"}[name]
        own = [
            child
            for child in psutil.Process(self.process.pid).children()
            if words in " ".join(child.cmdline())
        ]
        return own[0].pid

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal and return the exit status."""
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> int:
        status = self.process.wait(timeout=STOPPING)
        self._reader.join(timeout=5)
        return status

    def wait_until_gone(self) -> None:
        wait_until(lambda: not self.left(), seconds=GONE, what="the end of everything")

    def left(self) -> list[str]:
        """Return what is still running of this run, or in its folder."""
        found = []
        for process in psutil.process_iter():
            try:
                of_run = process.environ().get(MARK) == str(self.folder)
                if of_run or process.cwd().startswith(str(self.folder)):
                    found.append(" ".join(process.cmdline()))
            except psutil.Error:
                continue
        return found


@pytest.fixture
def folder() -> Iterator[Path]:
    """A DATA_DIR to be made, below a folder closed to others, deeper than the path of a socket may be."""
    closed = Path(tempfile.mkdtemp(prefix="threshold-test-"))
    yield closed / ("deep" * 25) / "data"
    shutil.rmtree(closed)


@pytest.fixture
def start(folder):
    """Start a run on the folder; nothing of it survives the test."""
    runs = []

    def start(**environment: str) -> Threshold:
        runs.append(Threshold(folder, port=runs[0].port if runs else free_port(), **environment))
        return runs[-1]

    yield start
    for run in runs:
        if run.process.poll() is None:
            run.stop()
    for run in runs[:1]:
        run.wait_until_gone()


def manage(folder: Path, *arguments: str) -> str:
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder)}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    ).stdout


def test_everything_starts_works_and_stops(start, folder):
    run = start()
    run.wait_until_ready()
    wait_until(run.ready, what="readiness")
    assert json.loads(manage(folder, "reconcile"))["unaccounted"] == 0
    assert run.stop(signal.SIGINT) == 0
    assert not (folder / "services.json").exists()
    assert is_free(run.port)
    run.wait_until_gone()
    assert "Traceback" not in run.output


def test_it_heals_itself_and_recovers_from_its_own_death(start):
    first = start()
    first.wait_until_ready()
    os.kill(first.pid_of("web"), signal.SIGKILL)
    first.wait_for("web ended (signal 9); starting it again")
    wait_until(first.ready, seconds=STARTING, what="readiness")
    first.stop(signal.SIGKILL)
    assert first.left(), "the processes of a run that was killed go on, until the next one"
    second = start()
    second.wait_until_ready()
    wait_until(second.ready, what="readiness")


def test_stopping_while_it_starts_leaves_nothing(start):
    run = start()
    run.wait_for("Starting postgres")
    assert run.stop() == 0
    run.wait_until_gone()


def test_given_servers_are_used_and_none_is_started(start, folder):
    addresses = {"DATABASE_URL": os.environ["DATABASE_URL"], "REDIS_URL": os.environ["REDIS_URL"]}
    run = start(**addresses)
    run.wait_for("Bringing the database up to date")
    assert "Starting postgres" not in run.output
    assert "Starting valkey" not in run.output
    assert run.stop() == 0
    assert not (folder / "postgres").exists()


def test_second_run_on_the_folder_is_refused(start):
    first = start()
    first.wait_for("Starting postgres")
    second = start()
    assert second.ended() == 1
    assert re.search(rf"Threshold is running on .* already \(process {first.process.pid}\)", second.output)


def test_taken_port_is_named(start, folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = Threshold(folder, port=port)
        assert run.ended() == 1
    assert f"Port {port} is in use. Choose another one: make run PORT={port + 1}" in run.output
