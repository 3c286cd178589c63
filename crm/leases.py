"""How long a lead stays with the person who took it: until its lease ends without a logged attempt."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from crm.enums import Level
from crm.models import Lead
from crm.targets import target_minutes

UNPLACED_COUNTS_AS = Level.U1
RETRY_AFTER = timedelta(minutes=10)  # "take next" leaves a lead be for so long after a failed attempt
ANSWER_GOOD_FOR_AT_LEAST = timedelta(minutes=2)  # to open the desk and take the lead
WARN_IN_LAST = 3  # the holder is warned in the last third of a lease


def lease_of(level: str | None) -> timedelta:
    """Return how long a lead of this level, or one that has none yet, may be held without an attempt."""
    return timedelta(minutes=int(settings.LEASE_MINUTES[level or UNPLACED_COUNTS_AS.value]))


def lease_end(lead: Lead, at: datetime) -> datetime:
    """Return when a lead that is taken or worked on now goes back by itself."""
    return at + lease_of(lead.level)


def answer_end(lead: Lead, at: datetime) -> datetime:
    """Return until when it is good that somebody has answered at a moment, without taking the lead.

    A lease of its level, and no longer than the promise: whoever is first to answer may fall asleep.
    """
    promise = timedelta(minutes=target_minutes(Level(lead.level or UNPLACED_COUNTS_AS)))
    end = min(lease_end(lead, at), at + promise)
    if lead.first_contact_at is None:
        end = min(end, lead.clock_ends_at)
    return max(end, at + ANSWER_GOOD_FOR_AT_LEAST)


def is_ending(lead: Lead, at: datetime) -> bool:
    """Return whether the holder of a lead is to be told that it is about to go back."""
    return bool(lead.lease_until and at >= lead.lease_until - lease_of(lead.level) / WARN_IN_LAST)


def is_held(lead: Lead, at: datetime) -> bool:
    """Return whether somebody has the lead at this moment."""
    return bool(lead.owner_id and lead.lease_until and lead.lease_until > at)


def free(at: datetime) -> Q:
    """Return the condition that nobody has the lead: no lease, or one that has run out."""
    return Q(lease_until=None) | Q(lease_until__lte=at)
