"""Processes are kept running and all of them are stopped."""

import os
import signal
import sys
import time

import pytest

from config.run.supervisor import Child, Process, stop_all
from tests.processes import wait_until


@pytest.fixture
def said():
    return []


@pytest.fixture
def start(said):
    """Start a child with this Python program; it is gone after the test."""
    children = []

    def start(program: str, **options: object) -> Child:
        child = Child(
            Process("child", [sys.executable, "-uc", program], **options), lambda line, **_: said.append(line)
        )
        children.append(child)
        child.start()
        return child

    yield start
    stop_all(children, seconds=0)


def numbers(said: list[bytes | str]) -> list[int]:
    return [int(line) for line in said if isinstance(line, bytes) and line.strip().isdigit()]


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


SAY = "import os, time; os.write(1, b'%d\\n' % os.getpid())"  # in one piece
SAY_PID = f"{SAY}; time.sleep(60)"


def test_child_is_started_again_when_it_is_killed(start, said):
    child = start(SAY_PID)
    wait_until(lambda: numbers(said))
    os.kill(numbers(said)[0], signal.SIGKILL)
    wait_until(lambda: len(numbers(said)) == 2)
    assert child.is_alive()
    assert any("ended (signal 9); starting it again" in line for line in said if isinstance(line, str))


def test_child_that_ends_at_once_is_started_ever_more_slowly(start, said):
    start("raise SystemExit(3)")
    wait_until(lambda: len(said) >= 2)
    pauses = [float(line.split()[-2]) for line in said]
    assert all("status 3" in line for line in said)
    assert pauses == sorted(pauses)
    assert pauses[0] < pauses[1]


def test_stopped_child_is_not_started_again(start, said):
    child = start(SAY_PID)
    wait_until(lambda: numbers(said))
    stop_all([child], seconds=30)
    assert not child.is_alive()
    assert not is_running(numbers(said)[0])
    assert len(numbers(said)) == 1
    assert said[-1] == "child stopped"


def test_child_is_stopped_with_its_own_signal(start, said):
    program = "import signal, sys; signal.signal(signal.SIGINT, lambda *_: sys.exit(print('fast')))\n"
    child = start(f"{program}print(1)\nsignal.pause()", stop_signal=signal.SIGINT)
    wait_until(lambda: b"1\n" in said)
    stop_all([child], seconds=30)
    wait_until(lambda: b"fast\n" in said)


def test_child_that_will_not_stop_is_killed(start, said):
    child = start(f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n{SAY_PID}")
    wait_until(lambda: numbers(said))
    begun = time.monotonic()
    stop_all([child], seconds=0.3)
    assert time.monotonic() - begun < 10
    assert not is_running(numbers(said)[0])


def test_what_a_dead_child_leaves_behind_is_ended(start, said):
    start(f"import subprocess, sys; subprocess.Popen([sys.executable, '-uc', {SAY_PID!r}]); {SAY_PID}")
    wait_until(lambda: len(numbers(said)) == 2)
    first = numbers(said)
    os.kill(os.getpgid(first[0]), signal.SIGKILL)
    wait_until(lambda: not any(is_running(pid) for pid in first))


def test_only_the_child_itself_is_asked_to_stop(start, said):
    """A signal to its whole group would kill the children of a Celery worker in mid-task."""
    grandchild = (
        "import signal, os, time; signal.signal(signal.SIGTERM, lambda *_: print('hit')); "
        f"{SAY}; time.sleep(0.5); print('done')"
    )
    child = start(
        f"import subprocess, sys, signal; p = subprocess.Popen([sys.executable, '-uc', {grandchild!r}]); "
        f"signal.signal(signal.SIGTERM, lambda *_: (p.wait(), sys.exit())); {SAY_PID}"
    )
    wait_until(lambda: len(numbers(said)) == 2)  # both are ready
    stop_all([child], seconds=30)
    wait_until(lambda: b"done\n" in said)
    assert b"hit\n" not in said


def test_output_goes_to_the_log(start, tmp_path):
    log = tmp_path / "child.log"
    start("print('words'); import time; time.sleep(60)", log=log)
    wait_until(lambda: log.read_bytes() == b"words\n")
