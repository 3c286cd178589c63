"""Waiting for NOTIFY on Django's own connection, with polling beneath it."""

import time

from django.db import connection
from psycopg import Connection

from jobs.services.enqueue import CHANNEL

POLL = 0.5  # seconds
GATHER = 0.004  # seconds in which more jobs may come, for the same pass: under load that saves most passes


class Listener:
    """Wakes up when a job is enqueued, and after half a second in any case."""

    def __init__(self) -> None:
        self._listening_on: Connection | None = None

    def wait(self) -> None:
        """Return at the first notification, or after POLL seconds. Raises OperationalError."""
        connection.ensure_connection()
        if connection.connection is not self._listening_on or self._listening_on is None:
            self._listen()
            return  # jobs enqueued before LISTEN took hold are found by a pass right now
        with connection.wrap_database_errors:
            if any(True for _ in self._listening_on.notifies(timeout=POLL, stop_after=1)):
                time.sleep(GATHER)
                list(self._listening_on.notifies(timeout=0))

    def pause(self) -> None:
        """Wait without a database."""
        time.sleep(POLL)

    def _listen(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        self._listening_on = connection.connection
