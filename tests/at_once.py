"""Acts that happen in the same moment, each in a thread with a database connection of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import TypeVar

from django.db import connection

from crm.refusals import Refusal

Result = TypeVar("Result")
Refusals = type[Refusal] | tuple[type[Refusal], ...]


def all_at_once(acts: Sequence[Callable[[], Result]]) -> list[Result]:
    """Do everything in threads that start together; return what came of each."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Result]) -> Result:
        try:
            barrier.wait(timeout=10)
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
