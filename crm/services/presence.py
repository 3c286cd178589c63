"""Who has the desk on a screen, and who does something there."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from crm.models import User

AT_MOST_EVERY = timedelta(seconds=60)

# One statement, so that two screens of one person cannot get in each other's way; most of them write nothing.
SEEN = """
    INSERT INTO crm_presence (user_id, seen_at, acted_at) VALUES (%(user)s, %(at)s, %(at)s)
    ON CONFLICT (user_id) DO UPDATE
       SET seen_at = EXCLUDED.seen_at,
           acted_at = CASE WHEN %(acted)s THEN EXCLUDED.acted_at ELSE crm_presence.acted_at END
     WHERE crm_presence.seen_at <= EXCLUDED.seen_at - %(every)s
        OR %(acted)s AND crm_presence.acted_at <= EXCLUDED.acted_at - %(every)s
"""


def note_presence(*, user: User, acted: bool, at: datetime) -> None:
    """Write down, at most once a minute, that somebody's desk is open, and whether they did something."""
    values: dict[str, Any] = {"user": user.pk, "at": at, "acted": acted, "every": AT_MOST_EVERY}
    with connection.cursor() as cursor:
        cursor.execute(SEEN, values)
