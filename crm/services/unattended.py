"""Leads that wait where none should: not placed within a minute, or in review for a quarter of an hour."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from crm.enums import EventKind, Queue
from crm.models import Lead, LeadEvent
from crm.models.lead import OPEN
from crm.services.alerts import alert_staff
from crm.services.pulse import touch_queues
from crm.targets import REVIEW_WITHIN, UNPLACED_AFTER
from notifications.catalogue import MessageKind

MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Wait:
    """How long a lead may stand in a queue, and what is noted and said when it has stood there longer."""

    queue: Queue
    longest: timedelta
    event: EventKind
    message: MessageKind


# The urgent queue shows an unplaced lead as U1 without this: see crm.selectors.queues.
UNPLACED = Wait(Queue.UNROUTED, UNPLACED_AFTER, EventKind.NOT_PLACED_IN_TIME, MessageKind.LEAD_NOT_ROUTED)
UNREVIEWED = Wait(Queue.REVIEW, REVIEW_WITHIN, EventKind.REVIEW_WAITING, MessageKind.REVIEW_WAITING)


@transaction.atomic
def flag_unattended_leads(*, wait: Wait, at: datetime) -> int:
    """Note and alert, once a lead, that it has waited too long; return how many there were."""
    flagged = LeadEvent.objects.filter(lead=OuterRef("pk"), kind=wait.event)
    late = Lead.objects.filter(OPEN, ~Exists(flagged), queue=wait.queue)
    late = late.filter(received_at__lt=at - wait.longest).select_related("site")
    leads = late.order_by("received_at").select_for_update(skip_locked=True, of=("self",))[:MOST_AT_ONCE]
    for lead in leads:
        _flag(lead, wait, at)
    return len(leads)


def _flag(lead: Lead, wait: Wait, at: datetime) -> None:
    LeadEvent.objects.create(lead=lead, kind=wait.event, occurred_at=at)
    alert_staff(lead=lead, key=str(lead.pk), at=at, kind=wait.message)
    touch_queues()
