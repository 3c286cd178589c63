"""The database backend of web processes. Django wants this module name: ENGINE is "config.database".

psycopg's pool mends itself behind the scenes, and whoever asks for a connection meanwhile waits. While the
database is away that would be every visitor, for seconds at each query; and the longer it was away, the later
the pool looks again (after 1, 2, 4, 8, 16 … seconds). So the first to wait in vain remembers the loss, the
others fail at once, and every second one request finds out with a connection of its own.
"""

import threading
import time
from typing import Any

import psycopg
from django.db.backends.postgresql import base

LOOK_AGAIN = 1.0  # seconds
ANSWER_WITHIN = 2  # seconds for that connection


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL behind a pool that is known to be lost until it has been reached again."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a connection of the pool. Raises OperationalError, at once when the loss is known."""
        if loss.is_known:
            self._look_again(conn_params)
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            loss.note()
            raise

    def _look_again(self, conn_params: dict[str, Any]) -> None:
        if not loss.begin_looking():
            raise psycopg.OperationalError("the database was away a moment ago")
        try:
            psycopg.connect(**conn_params | {"connect_timeout": ANSWER_WITHIN}).close()
            self.close_pool()  # it may look for the database a minute from now; a new one does at once
            loss.forget()
        finally:
            loss.end_looking()


class _Loss:
    """What this process knows of the database's absence. One thread at a time may look whether it is over."""

    def __init__(self) -> None:
        self._noted_at: float | None = None
        self._looking = threading.Lock()

    @property
    def is_known(self) -> bool:
        return self._noted_at is not None

    def begin_looking(self) -> bool:
        """Return whether the caller is the one to look; it must call end_looking() then."""
        if self._noted_at is None or time.monotonic() - self._noted_at < LOOK_AGAIN:
            return False
        return self._looking.acquire(blocking=False)

    def note(self) -> None:
        self._noted_at = time.monotonic()

    def forget(self) -> None:
        self._noted_at = None

    def end_looking(self) -> None:
        if self.is_known:
            self.note()
        self._looking.release()


loss = _Loss()
