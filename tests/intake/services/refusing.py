"""A database in which one step of an enquiry's way fails, by a trigger of the database's own."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

BREAK = """
    CREATE FUNCTION refuse_for_a_test() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'refused for a test'; END $$;
    CREATE TRIGGER refuse_for_a_test BEFORE INSERT ON {table} FOR EACH ROW {when}
    EXECUTE FUNCTION refuse_for_a_test();
"""


@contextmanager
def refusing_inserts(table: str, when: str = "") -> Iterator[None]:
    """Let the database refuse new rows of a table, all or those for which `WHEN (…)` holds."""
    _execute(BREAK.format(table=table, when=when))
    try:
        yield
    finally:
        _execute("DROP FUNCTION refuse_for_a_test() CASCADE")


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
