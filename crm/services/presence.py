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

SEEN_NOW = f"WITH seen AS ({SEEN}) SELECT now()"


def note_screen(*, user: User, acted: bool) -> datetime:
    """Write down as note_presence does that somebody's desk is open now, and return what time it is."""
    with connection.cursor() as cursor:
        cursor.execute(SEEN_NOW.replace("%(at)s", "now()"), _values(user, acted=acted))
        now: datetime = cursor.fetchone()[0]
    return now


def note_presence(*, user: User, acted: bool, at: datetime) -> None:
    """Write down, at most once a minute, that somebody's desk is open, and whether they did something."""
    with connection.cursor() as cursor:
        cursor.execute(SEEN, _values(user, acted=acted) | {"at": at})


def _values(user: User, *, acted: bool) -> dict[str, Any]:
    return {"user": user.pk, "acted": acted, "every": AT_MOST_EVERY}
