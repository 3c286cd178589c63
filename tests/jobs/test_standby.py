"""The dispatcher's children, here programs that only wait until their standard input closes."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest

from jobs.services import standby
from jobs.services.standby import CHILDREN, LINGER, RESTART, StandbyWorkers
from tests.processes import wait_until

NOW, LATE = timedelta(), timedelta(seconds=15)


@pytest.fixture
def children(monkeypatch):
    """Every child that was started, with the lateness that it was started for."""
    started = []

    def start(late_by):
        program = [sys.executable, "-c", "import sys; sys.stdin.read()"]
        started.append((late_by, subprocess.Popen(program, stdin=subprocess.PIPE)))
        return started[-1][1]

    monkeypatch.setattr(standby, "_start", start)
    return started


class Clock:
    """A clock that stands still until a test moves it, so that a slow machine changes nothing."""

    def __init__(self):
        self.now = 1000.0

    def monotonic(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(standby, "time", clock)
    return clock


@pytest.fixture
def workers(children):
    workers = StandbyWorkers()
    yield workers
    workers.close()


def living(children):
    return [late_by for late_by, child in children if child.poll() is None]


def test_they_run_as_long_as_they_are_needed(workers, children):
    for _ in range(3):
        workers.keep_running(late_by=NOW)
        workers.rest()
    assert living(children) == [NOW] * CHILDREN
    assert workers.running


def test_they_linger_and_then_end(clock, workers, children):
    workers.keep_running(late_by=LATE)
    clock.now += LINGER
    workers.rest()
    assert workers.running
    clock.now += 0.1
    workers.rest()
    assert not workers.running
    wait_until(lambda: not living(children), what="the end of the children")


def test_the_dead_are_replaced_but_not_in_a_frenzy(clock, workers, children):
    workers.keep_running(late_by=NOW)
    children[0][1].kill()
    children[0][1].wait()
    clock.now += RESTART - 0.1
    workers.keep_running(late_by=NOW)
    assert len(children) == CHILDREN
    clock.now += 0.1
    workers.keep_running(late_by=NOW)
    assert len(living(children)) == CHILDREN


def test_a_lost_broker_replaces_those_that_only_rescue(workers, children):
    workers.keep_running(late_by=LATE)
    workers.keep_running(late_by=NOW)
    wait_until(lambda: living(children) == [NOW] * CHILDREN, what="the change")


def test_those_that_left_are_let_go(workers, children):
    workers.keep_running(late_by=LATE)
    workers.keep_running(late_by=NOW)
    first = [child for _, child in children[:CHILDREN]]
    for child in first:
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    workers.rest()
    assert all(child.returncode == 0 for child in first), "a zombie process was left behind"


def test_closing_waits_for_all_of_them(children, monkeypatch):
    workers = StandbyWorkers()
    workers.keep_running(late_by=LATE)
    workers.keep_running(late_by=NOW)
    workers.close()
    assert living(children) == []


def test_a_child_that_does_not_end_is_killed(monkeypatch):
    monkeypatch.setattr(standby, "STOPPING", 0.2)
    deaf = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], stdin=subprocess.PIPE)
    monkeypatch.setattr(standby, "_start", lambda late_by: deaf)
    monkeypatch.setattr(standby, "CHILDREN", 1)
    workers = StandbyWorkers()
    workers.keep_running(late_by=NOW)
    workers.close()
    assert deaf.poll() is not None
