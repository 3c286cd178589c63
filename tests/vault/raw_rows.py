"""Looking at the tables as a thief would: no key, every row, every column that could hold words."""

import json
from collections.abc import Iterable
from typing import Any

from django.contrib.sessions.models import Session
from psycopg import sql

READABLE_TYPES = ["bytea", "text", "varchar", "bpchar", "json", "jsonb", "_text", "_varchar", "_bytea", "xml"]
COLUMNS = """
    SELECT table_name, column_name, udt_name FROM information_schema.columns
      JOIN information_schema.tables USING (table_schema, table_name)
     WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND udt_name = ANY(%s)
"""

WORDS = """
    SELECT EXISTS (SELECT FROM {table}, unnest(%s::text[]) AS wanted
                    WHERE position(wanted IN lower({column}::text)) > 0)
"""
BYTES = """
    SELECT EXISTS (SELECT FROM {table}, unnest(%s::text[]) AS wanted
                    WHERE position(encode(convert_to(wanted, 'UTF8'), 'escape')
                                   IN lower(encode({column}, 'escape'))) > 0)
"""


def assert_absent(connection: Any, plaintexts: Iterable[str]) -> None:
    """Assert that no row of any table holds any of the texts, in whatever case.

    Names the columns that do, never the texts. Sessions are unpacked first.
    """
    found = columns_with(connection, plaintexts)
    assert not found, f"Personal data in plain text in {', '.join(sorted(found))}."


def columns_with(connection: Any, plaintexts: Iterable[str]) -> set[str]:
    """Return the columns, as "table.column", that hold one of the texts."""
    texts = [text.lower() for text in plaintexts]
    assert texts, "Nothing to look for."
    assert all(texts), "An empty text is everywhere."
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS, [READABLE_TYPES])
        columns = cursor.fetchall()
        found = {
            f"{table}.{column}"
            for table, column, kind in columns
            if _holds(cursor, table, column, kind, texts)
        }
    return found | _sessions_with(texts)


def _holds(cursor: Any, table: str, column: str, kind: str, texts: list[str]) -> bool:
    """Search one column; bytes, and the text in question, in PostgreSQL's escaped form."""
    shape = BYTES if kind == "bytea" else WORDS
    query = sql.SQL(shape).format(table=sql.Identifier(table), column=sql.Identifier(column))
    cursor.execute(query, [texts])
    return bool(cursor.fetchone()[0])


def _sessions_with(texts: list[str]) -> set[str]:
    """Search what is packed in sessions: compressed and signed, but not encrypted."""
    unpacked = (
        json.dumps(session.get_decoded(), ensure_ascii=False).lower() for session in Session.objects.all()
    )
    return {"django_session.session_data" for words in unpacked if any(text in words for text in texts)}
