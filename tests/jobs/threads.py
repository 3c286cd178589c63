"""Threads with database connections of their own."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

Result = TypeVar("Result")


def in_thread(work: Callable[[], Result]) -> "Future[Result]":
    """Start the work in a thread and return its future."""
    pool = ThreadPoolExecutor(max_workers=1)
    future = pool.submit(_closing, work)
    pool.shutdown(wait=False)
    return future


def at_once(count: int, work: Callable[[], Result]) -> list[Result]:
    """Do the same work in `count` threads that start together; return the results."""
    barrier = Barrier(count)

    def one() -> Result:
        connection.ensure_connection()
        barrier.wait()
        return work()

    futures = [in_thread(one) for _ in range(count)]
    return [future.result(timeout=60) for future in futures]


def _closing(work: Callable[[], Result]) -> Result:
    try:
        return work()
    finally:
        connection.close()
