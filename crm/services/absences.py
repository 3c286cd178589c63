"""Being away and being back. Whoever is away holds no lead."""

from datetime import datetime

from django.db import transaction

from crm.enums import AwayReason, EndOfLease
from crm.models import Absence, Lead, User
from crm.services.locking import one_act_at_a_time
from crm.services.pulse import touch_queues
from crm.services.returning import return_leads_of


@transaction.atomic
def go_away(*, user: User, reason: AwayReason, by: User, at: datetime) -> list[Lead]:
    """Mark somebody as away; return the leads that went back to their queues.

    Whoever is away already stays so, for the new reason.
    """
    one_act_at_a_time(user)
    if not Absence.objects.filter(user=user, back_at=None).update(reason=reason, marked_by=by):
        Absence.objects.create(user=user, reason=reason, away_at=at, marked_by=by)
    touch_queues()
    return return_leads_of(user=user, why=EndOfLease.AWAY, by=by, at=at)


@transaction.atomic
def come_back(*, user: User, by: User, at: datetime) -> bool:
    """Mark somebody as back; return whether they were away. Their leads are not given back to them."""
    one_act_at_a_time(user)
    was_away = Absence.objects.filter(user=user, back_at=None).update(back_at=at, marked_back_by=by)
    touch_queues()
    return bool(was_away)
