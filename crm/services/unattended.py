"""Leads that wait where none should: unplaced for a minute, or in review for nearly a quarter of an hour."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import Exists, OuterRef

from crm.enums import EventKind, Queue
from crm.models import Lead, LeadEvent
from crm.models.lead import OPEN
from crm.services.alerts import alert_staff
from crm.services.pulse import touch_queues
from crm.targets import ALERT_OF_REVIEW_AFTER, UNPLACED_AFTER
from notifications.catalogue import MessageKind


@dataclass(frozen=True, slots=True)
class Wait:
    """How long a lead may stand in a queue, and what is noted and said when it has stood there longer.

    Those that wait `together` at one site share an alert: a robot that writes a thousand times must not ring
    a thousand times.
    """

    queue: Queue
    longest: timedelta
    event: EventKind
    message: MessageKind
    together: bool = False
    most_at_once: int = 200


# The urgent queue shows an unplaced lead as U1 without this: see crm.selectors.queues.
UNPLACED = Wait(Queue.UNROUTED, UNPLACED_AFTER, EventKind.NOT_PLACED_IN_TIME, MessageKind.LEAD_NOT_ROUTED)
UNREVIEWED = Wait(
    Queue.REVIEW,
    ALERT_OF_REVIEW_AFTER,
    EventKind.REVIEW_WAITING,
    MessageKind.REVIEW_WAITING,
    together=True,
    most_at_once=5000,
)


@transaction.atomic
def flag_unattended_leads(*, wait: Wait, at: datetime) -> int:
    """Note and alert, once a lead, that it has waited too long; return how many there were."""
    leads = _late(wait, at)
    LeadEvent.objects.bulk_create(LeadEvent(lead=lead, kind=wait.event, occurred_at=at) for lead in leads)
    for first, *others in _alerts(leads, wait):
        alert_staff(lead=first, key=str(first.pk), at=at, kind=wait.message, others=others)
    if leads:
        touch_queues()
    return len(leads)


def _late(wait: Wait, at: datetime) -> list[Lead]:
    """Return the leads that nobody was told of, the longest wait of each site first."""
    flagged = LeadEvent.objects.filter(lead=OuterRef("pk"), kind=wait.event)
    late = Lead.objects.filter(OPEN, ~Exists(flagged), queue=wait.queue)
    late = late.filter(received_at__lt=at - wait.longest).select_related("site")
    locked = late.order_by("received_at").select_for_update(skip_locked=True, of=("self",))
    return sorted(locked[: wait.most_at_once], key=lambda lead: (str(lead.site_id), lead.received_at))


def _alerts(leads: Sequence[Lead], wait: Wait) -> Iterator[list[Lead]]:
    """Yield the leads of each alert."""
    if not wait.together:
        yield from ([lead] for lead in leads)
        return
    for _, of_site in groupby(leads, key=lambda lead: lead.site_id):
        yield list(of_site)
