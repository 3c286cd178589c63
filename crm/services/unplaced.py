"""Leads that nothing has placed within a minute: they count as U1, and staff are told."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from crm.enums import EventKind, Queue
from crm.models import Lead, LeadEvent
from crm.models.lead import OPEN
from crm.services.alerts import alert_staff
from crm.services.pulse import touch_queues
from crm.targets import UNPLACED_AFTER
from notifications.catalogue import MessageKind

MOST_AT_ONCE = 200


@transaction.atomic
def flag_unplaced_leads(*, at: datetime) -> int:
    """Note and alert, once a lead, that it was not placed in time; return how many there were.

    The urgent queue shows such a lead without this: see crm.selectors.queues.
    """
    flagged = LeadEvent.objects.filter(lead=OuterRef("pk"), kind=EventKind.NOT_PLACED_IN_TIME)
    late = Lead.objects.filter(OPEN, ~Exists(flagged), queue=Queue.UNROUTED)
    late = late.filter(received_at__lt=at - UNPLACED_AFTER).select_related("site")
    leads = late.order_by("received_at").select_for_update(skip_locked=True, of=("self",))[:MOST_AT_ONCE]
    for lead in leads:
        _flag(lead, at)
    return len(leads)


def _flag(lead: Lead, at: datetime) -> None:
    LeadEvent.objects.create(lead=lead, kind=EventKind.NOT_PLACED_IN_TIME, occurred_at=at)
    alert_staff(lead=lead, key=str(lead.pk), at=at, kind=MessageKind.LEAD_NOT_ROUTED)
    touch_queues()
