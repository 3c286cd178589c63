"""The clock of a stack's database, moved forward for every process at once (tests/clock.py has the schema).

It is never set back: what a stack wrote in its future would lie in wait for the tests that follow.
"""

from datetime import datetime, timedelta

from psycopg.sql import SQL, Identifier

from tests.clock import SCHEMA, SEARCH_PATH
from tests.faults.stack import FaultStack
from tests.processes import wait_until

OTHERS = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


class StackClock:
    """Runs as the machine's does, some minutes ahead."""

    def __init__(self, stack: FaultStack) -> None:
        """Put the moved clock on every connection of the stack: each is cut once, and made anew."""
        self._stack = stack
        ((name,),) = stack.query("SELECT current_database()")
        stack.execute(SCHEMA)
        stack.execute(
            SQL("ALTER DATABASE {} SET search_path = {}")
            .format(Identifier(name), SQL(SEARCH_PATH))
            .as_string()
        )
        stack.execute(OTHERS)
        stack.execute(f"SET search_path = {SEARCH_PATH}")
        wait_until(self._is_on_every_connection, what="a new connection for each that was cut")

    def now(self) -> datetime:
        """Return the moved time."""
        ((now,),) = self._stack.query("SELECT travel.clock_timestamp()")
        return now

    def _is_on_every_connection(self) -> bool:
        """Use up the errors of those that were cut, one each: 40 requests use each of web's a few times."""
        return all(self._stack.readiness()["database"]["ok"] for _ in range(40))

    def move_to(self, at: datetime) -> None:
        """Jump to a time that is still to come."""
        by = at - self.now()
        assert by > timedelta(), f"{at} is over"
        self._stack.execute("UPDATE travel.clock SET shift = shift + %s", by)
        for provider in self._stack.peers.all:
            provider.ahead += by.total_seconds()
