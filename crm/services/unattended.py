"""Leads that wait where none should: unplaced for a minute, or in review for nearly a quarter of an hour.

When thousands wait, their alerts must not stand before the very work that would place them. What may be
urgent is alerted lead by lead. Of what can wait, a site hears of a handful; the urgent tab, where each of
them stands, and the alarm (crm.services.alarm_watch) speak for the rest.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet

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
    a thousand times. Of those that `can_wait` a site is told of so `many` at most `within` some minutes.
    """

    queue: Queue
    longest: timedelta
    event: EventKind
    message: MessageKind
    together: bool = False
    most_at_once: int = 200
    many: int = sys.maxsize
    within: timedelta = timedelta(minutes=10)


# The urgent queue shows an unplaced lead as U1 without this: see crm.selectors.queues.
UNPLACED = Wait(
    Queue.UNROUTED,
    UNPLACED_AFTER,
    EventKind.NOT_PLACED_IN_TIME,
    MessageKind.LEAD_NOT_ROUTED,
    many=20,
)
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
    """Return the leads that staff are told of now, the longest wait of each site first."""
    room = _room(wait, at)
    full = [site for site, free in room.items() if free <= 0]
    late = _unflagged(wait, at).exclude(can_wait=True, site__in=full).select_related("site")
    locked = late.order_by("can_wait", "received_at").select_for_update(skip_locked=True, of=("self",))
    told = _within(room, locked[: wait.most_at_once])
    return sorted(told, key=lambda lead: (str(lead.site_id), lead.received_at))


def _unflagged(wait: Wait, at: datetime) -> QuerySet[Lead]:
    flagged = LeadEvent.objects.filter(lead=OuterRef("pk"), kind=wait.event)
    late = Lead.objects.filter(OPEN, ~Exists(flagged), queue=wait.queue)
    return late.filter(received_at__lt=at - wait.longest)


def _room(wait: Wait, at: datetime) -> defaultdict[UUID, int]:
    """Return of how many more that can wait each site is told now."""
    told = LeadEvent.objects.filter(kind=wait.event, occurred_at__gt=at - wait.within, lead__can_wait=True)
    counts = told.order_by().values_list("lead__site").annotate(Count("pk"))
    return defaultdict(lambda: wait.many, {site: wait.many - count for site, count in counts})


def _within(room: defaultdict[UUID, int], leads: Iterable[Lead]) -> Iterator[Lead]:
    """Yield all that cannot wait, and of the others as many as there is room for."""
    for lead in leads:
        room[lead.site_id] -= lead.can_wait
        if not lead.can_wait or room[lead.site_id] >= 0:
            yield lead


def _alerts(leads: Sequence[Lead], wait: Wait) -> Iterator[list[Lead]]:
    """Yield the leads of each alert."""
    if not wait.together:
        yield from ([lead] for lead in leads)
        return
    for _, of_site in groupby(leads, key=lambda lead: lead.site_id):
        yield list(of_site)
