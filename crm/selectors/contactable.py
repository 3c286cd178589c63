"""crm.contactable in SQL: whom "take next" may give to somebody who is about to call."""

from datetime import datetime

from django.db.models import Q

from crm.models import Site, User
from crm.safe_times import slot_at


def may_be_contacted(user: User, at: datetime) -> Q:
    """Return the condition that a lead's caller may be contacted now, in some way that they called safe.

    Times that only a person can read do not stand in the way: that person is the one who takes the lead.
    """
    a_way = Q()
    for way in ("call", "voicemail", "text", "email", "post"):
        a_way |= Q(**{f"caller__may_{way}": True})
    return Q(caller__no_contact=False, caller__stopped_at=None) & a_way & _at_a_safe_time(user, at)


def _at_a_safe_time(user: User, at: datetime) -> Q:
    """Each site's callers gave their times in the time of their own site."""
    safe = Q(caller__safe_slots=None) | Q(caller__safe_slots=[])
    zones = Site.objects.filter(memberships__user=user).values_list("time_zone", flat=True).distinct()
    for zone in zones:
        safe |= Q(site__time_zone=zone, caller__safe_slots__contains=[slot_at(at, zone)])
    return safe
