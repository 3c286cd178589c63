"""What was before an alert that begins again: who had been told, and who let go of it without a call."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Self
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from crm.alert_steps import Plan
from crm.enums import AlertLevel, EndOfLease, EventKind
from crm.models import ContactAttempt, Lead, LeadEvent, User

LET_GO = frozenset({EventKind.ANSWER_LAPSED, EventKind.LEASE_ENDED, EventKind.RELEASED})
FORGOTTEN = Q(kind=EventKind.ANSWER_LAPSED) | Q(
    kind=EventKind.LEASE_ENDED, data__why=EndOfLease.RAN_OUT.value
)


@dataclass(frozen=True, slots=True)
class Lapse:
    """How a lead was let go of the last time, since anybody last tried to call.

    `steps` is how many steps of an alert were told by now, `by` who had it. `is_unkept`: they did not give it
    back themselves. `answered_at`: when they had said that they have it, or taken it.
    """

    steps: int
    by: UUID | None
    answered_at: datetime | None
    is_unkept: bool

    @classmethod
    def of(cls, events: Iterable[LeadEvent]) -> Self | None:
        """Return it from the events of one lead in their order; None if nobody was told, or let go of it."""
        steps = 0
        answer: LeadEvent | None = None
        last: tuple[LeadEvent, LeadEvent | None] | None = None
        for event in events:
            if event.kind == EventKind.ALERT_STEP:
                steps = max(steps, _steps_told(event))
            elif event.kind in LET_GO:
                last = (event, answer)
            elif not event.data.get("goes_on"):
                answer = event
        if not steps or last is None:
            return None
        end, kept = last
        is_unkept = end.kind != EventKind.RELEASED
        return cls(steps, _who(end, kept), kept.occurred_at if kept else None, is_unkept)


def lapses(leads: Collection[UUID]) -> dict[UUID, Lapse]:
    """Return how each lead of which people were told was let go of, if it was. One query."""
    kinds = [EventKind.ALERT_STEP, EventKind.ACKNOWLEDGED, *LET_GO]
    events = _untried(LeadEvent.objects.filter(lead__in=leads, kind__in=kinds))
    by_lead = groupby(events.order_by("lead", "occurred_at", "id"), key=attrgetter("lead_id"))
    found = {lead: Lapse.of(some) for lead, some in by_lead}
    return {lead: lapse for lead, lapse in found.items() if lapse}


def steps_again(plan: Plan, lapse: Lapse, lead: Lead, at: datetime) -> int:
    """Return how many steps an alert that begins again tells at once: those told before, and the next.

    All of them down to the managers, where those must know soon, or the promise is over.
    """
    last = len(plan.steps)
    if not lapse.is_unkept:
        return min(lapse.steps, last)
    wanted = lapse.steps + 1
    if AlertLevel.of(lead.level).needs_manager_soon or is_promise_over(lead, at):
        wanted = max(wanted, plan.until_managers)
    return min(wanted, last)


def is_promise_over(lead: Lead, at: datetime) -> bool:
    """Return whether nobody has been reached by the time that was promised."""
    return lead.first_contact_at is None and lead.clock_ends_at <= at


def has_forgotten(lead: Lead, user: User) -> bool:
    """Return whether somebody has had this lead or its alert, let it lapse, and nobody has tried since."""
    theirs = Q(data__by=str(user.pk)) | Q(data__owner=str(user.pk))
    return _untried(LeadEvent.objects.filter(FORGOTTEN, theirs, lead=lead)).exists()


def _untried(events: QuerySet[LeadEvent]) -> QuerySet[LeadEvent]:
    """Leave out what was before somebody tried to reach them."""
    tried = ContactAttempt.objects.filter(lead=OuterRef("lead"), attempted_at__gte=OuterRef("occurred_at"))
    return events.filter(~Exists(tried))


def _steps_told(event: LeadEvent) -> int:
    return int(event.data.get("up_to") or event.data["step"]) if event.data.get("people") else 0


def _who(event: LeadEvent, answer: LeadEvent | None) -> UUID | None:
    """Return who had it; an old event does not say, but the answer before it does."""
    named = event.data.get("by") or event.data.get("owner")
    if named:
        return UUID(named)
    return event.by_id or (answer.by_id if answer else None)
