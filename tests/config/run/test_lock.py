"""One run at a time on one folder."""

import subprocess
import sys
import threading
import time

import pytest

from config.run import lock as run_locks
from config.run.lock import STOPPING, AlreadyRunning, run_lock

HOLDER = """
import sys, time
from pathlib import Path
from config.run.lock import run_lock
with run_lock(Path(sys.argv[1])) as lock:
    if sys.argv[2]:
        lock.write(sys.argv[2])
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def hold(tmp_path):
    """Hold the lock in another process."""
    holders = []

    def hold(state: str = "") -> subprocess.Popen[str]:
        command = [sys.executable, "-c", HOLDER, str(tmp_path), state]
        holder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        holders.append(holder)
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        return holder

    yield hold
    for holder in holders:
        holder.kill()
        holder.communicate()


def test_second_run_is_refused_and_names_the_first(tmp_path, hold, monkeypatch):
    monkeypatch.setitem(run_locks.PATIENCE, "", 0.1)
    first = hold()
    with pytest.raises(AlreadyRunning, match=str(first.pid)), run_lock(tmp_path):
        pass


def test_killed_run_does_not_hold_the_folder(tmp_path, hold):
    first = hold()
    first.kill()
    first.wait()
    with run_lock(tmp_path):
        pass


def test_next_run_waits_for_one_that_is_stopping(tmp_path, hold, monkeypatch):
    monkeypatch.setitem(run_locks.PATIENCE, "", 0)
    first = hold(STOPPING)
    threading.Timer(1, first.kill).start()
    begun = time.monotonic()
    with run_lock(tmp_path):
        assert time.monotonic() - begun > 0.9
