"""The one clock: the database's. No process compares its own time with a stored one."""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """Return the database's now(), in UTC. Inside a transaction: the time it began."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        return cursor.fetchone()[0]
