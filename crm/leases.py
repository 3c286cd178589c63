"""How long a lead stays with the person who took it, from the latest sign of work on it."""

from datetime import datetime, timedelta

from django.db.models import Q

from crm.enums import Queue

LEASES = {
    Queue.URGENT: timedelta(minutes=20),
    Queue.UNROUTED: timedelta(minutes=20),
    Queue.REVIEW: timedelta(minutes=20),
    Queue.PREBOOKED: timedelta(minutes=60),
}
RETRY_AFTER = timedelta(minutes=10)  # "take next" leaves a lead be for so long after a failed attempt


def lease_end(queue: str, at: datetime) -> datetime:
    """Return when a lead of this queue, taken or worked on now, goes back by itself."""
    return at + LEASES[Queue(queue)]


def free(at: datetime) -> Q:
    """Return the condition that nobody has the lead: no lease, or one that has run out."""
    return Q(lease_until=None) | Q(lease_until__lte=at)
