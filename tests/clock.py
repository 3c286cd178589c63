"""The database's clock, under the control of a test.

A schema ahead of pg_catalog on the search path holds a now() and a statement_timestamp() that add a shift
to the real time. Every process that connects while the fixture is active reads the moved clock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.db import connection

from jobs.clock import database_now

SCHEMA = """
    CREATE SCHEMA travel;
    CREATE TABLE travel.clock (shift interval NOT NULL, stopped_at timestamptz);
    INSERT INTO travel.clock VALUES ('0', NULL);
    CREATE FUNCTION travel.now() RETURNS timestamptz LANGUAGE sql STABLE AS
        'SELECT coalesce(stopped_at, pg_catalog.now()) + shift FROM travel.clock';
    CREATE FUNCTION travel.statement_timestamp() RETURNS timestamptz LANGUAGE sql STABLE AS
        'SELECT coalesce(stopped_at, pg_catalog.statement_timestamp()) + shift FROM travel.clock';
    CREATE FUNCTION travel.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
        'SELECT coalesce(stopped_at, pg_catalog.clock_timestamp()) + shift FROM travel.clock';
"""
SEARCH_PATH = "travel, pg_catalog, public"


class DatabaseClock:
    """Moves the database's clock; it runs on from there unless it is stopped."""

    def now(self) -> datetime:
        """Return the moved time."""
        return database_now()

    def stop(self) -> None:
        """Let time stand still, so that a test can be exact."""
        _execute("UPDATE travel.clock SET stopped_at = pg_catalog.clock_timestamp()")

    def advance(self, *, seconds: float = 0, by: timedelta = timedelta()) -> datetime:
        """Move the clock forward and return the new time."""
        _execute("UPDATE travel.clock SET shift = shift + %s", by + timedelta(seconds=seconds))
        return self.now()

    def move_to(self, at: datetime) -> datetime:
        """Set the clock to a time and return it."""
        return self.advance(by=at - self.now())


@contextmanager
def travelling() -> Iterator[DatabaseClock]:
    """Put the moved clock ahead on the search path of this connection and of every new one."""
    _execute(SCHEMA)
    _execute(f"ALTER DATABASE {connection.ops.quote_name(_database())} SET search_path = {SEARCH_PATH}")
    _execute(f"SET search_path = {SEARCH_PATH}")
    try:
        yield DatabaseClock()
    finally:
        _execute("SET search_path = public")
        _execute(f"ALTER DATABASE {connection.ops.quote_name(_database())} RESET search_path")
        _execute("DROP SCHEMA travel CASCADE")


@pytest.fixture
def database_clock(db: None) -> Iterator[DatabaseClock]:
    """The database's clock, movable. Transactional tests say so with their django_db mark."""
    with travelling() as clock:
        yield clock


def _database() -> str:
    return connection.settings_dict["NAME"]


def _execute(statement: str, *values: timedelta) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
