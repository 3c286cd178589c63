"""Giving all that somebody has back to the queues: they signed out, their shift ended, or they are away."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from crm.enums import EndOfLease
from crm.models import Lead, User
from crm.models.lead import OPEN
from crm.services.locking import one_act_at_a_time
from crm.services.queues import note_end_of_lease, take_away
from crm.services.unkept_answers import alert_anew


@transaction.atomic
def return_leads_of(
    *, user: User, why: EndOfLease, by: User | None, at: datetime, only: QuerySet[Lead] | None = None
) -> list[Lead]:
    """Put what somebody has back for anybody; return the leads whose lease had not ended by itself."""
    one_act_at_a_time(user)
    held = (Lead.objects.all() if only is None else only).filter(OPEN, owner=user)
    locked = held.select_for_update(of=("self",)).order_by("pk")
    return [lead for lead in locked if _give_back(lead, why, by, at)]


def _give_back(lead: Lead, why: EndOfLease, by: User | None, at: datetime) -> bool:
    ran_out = bool(lead.lease_until and lead.lease_until <= at)
    note_end_of_lease(lead, EndOfLease.RAN_OUT if ran_out else why, at, by=None if ran_out else by)
    take_away(lead)
    alert_anew(lead=lead, at=at)
    return not ran_out
