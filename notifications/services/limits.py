"""How much one person gets, and one provider takes. Over it a message waits, with the reason; none is lost.

Never the first urgent alert about something to a person: that goes out whatever else does. An alert that
begins anew, because a lead has lost its holder, has a first one, too.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from notifications.catalogue import CATALOGUE
from notifications.enums import MessageKind, Why
from notifications.models import Message

# One statement: take the next place in the line. `burst` places may be taken at once.
TAKE_A_PLACE = """
    INSERT INTO notifications_pace AS pace (channel, next_at)
    VALUES (%(channel)s, %(at)s - %(burst)s::interval + %(each)s::interval)
    ON CONFLICT (channel) DO UPDATE
       SET next_at = greatest(pace.next_at, %(at)s - %(burst)s::interval) + %(each)s::interval
 RETURNING next_at - %(each)s::interval
"""
# When the oldest of those was sent that fill a person's limit; no row below the limit.
OLDEST_OF_MOST = """
    SELECT sent_at FROM notifications_message
     WHERE recipient = %(recipient)s AND sent_at > %(after)s AND id <> %(message)s
     ORDER BY sent_at DESC OFFSET %(most)s - 1 LIMIT 1
"""


def hold(message: Message, *, at: datetime) -> tuple[datetime, Why] | None:
    """Return until when a message has to wait and why, None if it may go now. It then has its place."""
    if message.kind not in MessageKind.values or _is_first_urgent_alert(message):
        return None
    until = _recipient_free_at(message, at)
    if until:
        return until, Why.RECIPIENT_LIMIT
    if message.why == Why.PROVIDER_LIMIT:
        return None  # it has waited for its place
    place = _place_at(message.channel, at)
    return (place, Why.PROVIDER_LIMIT) if place > at else None


def _is_first_urgent_alert(message: Message) -> bool:
    if not CATALOGUE[MessageKind(message.kind)].urgent:
        return False
    if message.about is None:
        return True
    before = Message.objects.filter(
        about=message.about, kind=message.kind, recipient=message.recipient, sent_at__isnull=False
    )
    if message.escalation_id is not None:
        before = before.filter(escalation=message.escalation_id)
    return not before.exists()


def _recipient_free_at(message: Message, at: datetime) -> datetime | None:
    """Return when the oldest of those that fill the limit is old enough; None below the limit."""
    most, seconds = settings.RECIPIENT_LIMITS.get(message.channel, (0, 0))
    if not most or message.recipient is None:
        return None
    window = timedelta(seconds=seconds)
    with connection.cursor() as cursor:
        cursor.execute(
            OLDEST_OF_MOST,
            {"recipient": message.recipient, "message": message.pk, "after": at - window, "most": most},
        )
        oldest = cursor.fetchone()
    return oldest[0] + window if oldest else None


def _place_at(channel: str, at: datetime) -> datetime:
    """Take a place among those that go to a provider, and return when it is."""
    most, seconds = settings.PROVIDER_LIMITS.get(channel, (0, 0))
    if not most:
        return at
    each = seconds / most
    burst = each * (most - 1)
    with connection.cursor() as cursor:
        cursor.execute(
            TAKE_A_PLACE, {"channel": channel, "at": at, "each": f"{each} s", "burst": f"{burst} s"}
        )
        place: datetime = cursor.fetchone()[0]
    return place
