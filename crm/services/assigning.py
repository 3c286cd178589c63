"""Giving a lead to a colleague."""

from datetime import datetime

from django.db import transaction

from crm.enums import EventKind, Role
from crm.leases import is_held
from crm.models import Absence, Lead, LeadEvent, User
from crm.refusals import IsAway, LeadAlreadyClaimed, NotAtThisSite, YouMayNotAssign
from crm.selectors.leads import has_role_at
from crm.services.locking import locked_open, one_act_at_a_time
from crm.services.queues import claim_lead, release_lead


@transaction.atomic
def assign_lead(*, lead: Lead, to: User, by: User, at: datetime) -> Lead:
    """Make a lead a colleague's, as if they had taken it; a manager may take it from another for that.

    Raises YouMayNotAssign for whoever does not answer to callers there, NotAtThisSite for a colleague who
    does not work there, IsAway, LeadAlreadyClaimed, LeadIsOver.
    """
    one_act_at_a_time(to)
    lead = locked_open(lead)
    if not has_role_at(by, lead, [Role.COORDINATOR, Role.MANAGER]):
        raise YouMayNotAssign
    if not to.is_active or not has_role_at(to, lead, list(Role)):
        raise NotAtThisSite(str(to))
    if Absence.objects.filter(user=to, back_at=None).exists():
        raise IsAway(str(to))
    if is_held(lead, at) and lead.owner_id == to.pk:
        return lead
    if is_held(lead, at):
        if not has_role_at(by, lead, [Role.MANAGER]) and lead.owner_id != by.pk:
            raise LeadAlreadyClaimed(str(lead.owner))
        release_lead(lead=lead, by=by, at=at, may_release_others=True)
    data = {"to": str(to.pk)}
    LeadEvent.objects.create(lead=lead, kind=EventKind.ASSIGNED, by=by, occurred_at=at, data=data)
    return claim_lead(lead=lead, by=to, at=at)
