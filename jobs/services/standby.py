"""Workers that need no broker: child processes of the dispatcher that take pressing jobs from the table.

They are processes, so that a job that kills its process kills neither the dispatcher nor the other child;
and each ends by itself when the dispatcher does, because the pipe to its standard input closes.
"""

import subprocess
import sys
import time
from datetime import timedelta
from uuid import UUID

import structlog
from django.db import connection

from jobs.enums import PRESSING
from jobs.kinds import known_kinds

log = structlog.get_logger(__name__)

CHILDREN = 2
LINGER = 20.0  # seconds that they stay after they were last needed: starting one costs a second of work
RESTART = 2.0  # seconds between two rounds of starting, should they die as soon as they live
STOPPING = 20  # seconds for a job to end before its child is killed

NEXT_PRESSING = """
    SELECT id, kind FROM jobs_job
     WHERE queue = ANY(%(queues)s::text[]) AND done_at IS NULL AND dead_at IS NULL AND kind = ANY(%(kinds)s)
       AND due_at <= now() - make_interval(secs => %(late_by)s)
       AND (lease_until IS NULL OR lease_until < now())
     ORDER BY array_position(%(queues)s::text[], queue::text), due_at LIMIT 1 FOR UPDATE SKIP LOCKED
"""


def next_pressing(*, late_by: timedelta) -> tuple[UUID, str] | None:
    """Return id and kind of the most pressing free job, due for at least `late_by`; placing comes first."""
    values: dict[str, list[str] | float] = {
        "queues": [queue.value for queue in PRESSING],
        "kinds": [kind.name for kind in known_kinds()],
        "late_by": late_by.total_seconds(),
    }
    with connection.cursor() as cursor:
        cursor.execute(NEXT_PRESSING, values)
        row: tuple[UUID, str] | None = cursor.fetchone()
    return row


class StandbyWorkers:
    """The children, started when they are needed and replaced when they die."""

    def __init__(self) -> None:
        self._children: list[subprocess.Popen[bytes]] = []
        self._leaving: list[subprocess.Popen[bytes]] = []
        self._late_by: timedelta | None = None
        self._needed_until = self._start_again_at = 0.0

    @property
    def running(self) -> bool:
        """Return whether the children are wanted at present."""
        return self._late_by is not None

    def keep_running(self, *, late_by: timedelta) -> None:
        """Make sure that the children run, for pressing jobs due for at least `late_by`."""
        if self._late_by != late_by:
            self.stop()
            self._late_by = late_by
            log.warning("standby_workers_start", late_by_seconds=late_by.total_seconds())
        self._needed_until = time.monotonic() + LINGER
        self._replace_the_dead(late_by)

    def rest(self) -> None:
        """Stop the children once they have not been needed for a while."""
        self._leaving = _alive(self._leaving)
        if self.running and time.monotonic() > self._needed_until:
            self.stop()

    def stop(self) -> None:
        """Let the children end after their present job."""
        if self._late_by is not None:
            log.warning("standby_workers_stop")
        for child in self._children:
            _hang_up(child)
        self._leaving = _alive(self._leaving + self._children)
        self._children = []
        self._late_by = None
        self._start_again_at = 0.0

    def close(self) -> None:
        """Stop the children and wait for them; kill those that take too long (their leases run out)."""
        self.stop()
        for child in self._leaving:
            _bury(child)

    def _replace_the_dead(self, late_by: timedelta) -> None:
        self._children, self._leaving = _alive(self._children), _alive(self._leaving)
        if time.monotonic() >= self._start_again_at:
            self._start_again_at = time.monotonic() + RESTART
            self._children += [_start(late_by) for _ in range(CHILDREN - len(self._children))]


def _alive(children: list[subprocess.Popen[bytes]]) -> list[subprocess.Popen[bytes]]:
    """Return those that still run, and let go of the others."""
    for child in children:
        if child.poll() is not None:
            _hang_up(child)
    return [child for child in children if child.returncode is None]


def _start(late_by: timedelta) -> subprocess.Popen[bytes]:
    command = [sys.executable, sys.argv[0], "standby_worker", "--late-by", str(late_by.total_seconds())]
    return subprocess.Popen(command, stdin=subprocess.PIPE)


def _hang_up(child: subprocess.Popen[bytes]) -> None:
    if child.stdin is not None:
        child.stdin.close()


def _bury(child: subprocess.Popen[bytes]) -> None:
    try:
        child.wait(timeout=STOPPING)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
