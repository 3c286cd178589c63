"""Work that must not be lost to a connection that died while nobody used it."""

import time
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

T = TypeVar("T")

LONGEST = 1.0  # seconds
PAUSE = 0.02


def on_live_connection(work: Callable[[], T]) -> T:
    """Return what the work returns; do it again, on the next connection, while the connection turns out dead.

    After a restart of PostgreSQL each connection that a pool still holds fails once; a pool that checks them
    itself pauses for seconds between one and the next. The work must be safe to run twice, and is not
    repeated inside a transaction. Raises the latest error when a second was not enough, and at once when
    there is no database to connect to.
    """
    give_up_at = time.monotonic() + LONGEST
    while True:
        try:
            return work()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() > give_up_at:
                raise
        connection.close()
        time.sleep(PAUSE)
        connection.ensure_connection()
