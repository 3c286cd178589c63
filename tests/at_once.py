"""Acts that happen in the same moment, each in a thread with a database connection of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import TypeVar

from django.db import connection

from crm.refusals import Refusal

WAITING = "SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
Result = TypeVar("Result")
Refusals = type[Refusal] | tuple[type[Refusal], ...]


def all_at_once(acts: Sequence[Callable[[], Result]]) -> list[Result]:
    """Do everything in threads that start together; return what came of each."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Result]) -> Result:
        try:
            barrier.wait(timeout=60)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def let_through(*acts: Callable[[], object], refused: Refusals = Refusal) -> list[bool]:
    """Do everything at once; return which were not refused. Any other error is raised."""

    def attempt(act: Callable[[], object]) -> bool:
        try:
            act()
        except refused:
            return False
        return True

    return all_at_once([partial(attempt, act) for act in acts])


def somebody_waits() -> bool:
    """Return whether anybody waits for what this connection has locked, and not for others on the server."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return cursor.fetchone() is not None
