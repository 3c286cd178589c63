"""What callers asked for, and what they were promised, as the desk reads it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import DateField, DateTimeField, Exists, F, Func, OuterRef, QuerySet, Value
from django.db.models.functions import Cast

from crm.enums import PromiseState, RequestKind
from crm.models import CallerRequest, Lead, LeadEvent


@dataclass(frozen=True, slots=True)
class PromiseRecord:
    """The time that the caller was told, what they were told of the desk, and what has become of it."""

    call_by: datetime
    state: PromiseState
    nobody_until: datetime | None
    closes_at: datetime | None


def open_requests(lead: Lead) -> QuerySet[CallerRequest]:
    """Return what the caller asks for, the latest first."""
    return lead.requests.filter(settled_at=None).order_by("-asked_at")


def is_asked(kind: RequestKind) -> Exists:
    """Return whether a lead's caller waits for this, for the rows of a queue."""
    return Exists(CallerRequest.objects.filter(lead=OuterRef("pk"), kind=kind, settled_at=None))


def promise_record(lead: Lead, told: Iterable[LeadEvent], at: datetime) -> PromiseRecord | None:
    """Return the soonest call that a caller was told of before the first contact; None if none was.

    What is said later may only make it sooner: the lead's clock follows it, and so does what stands here.
    """
    promised = [event.data for event in told if event.data.get("call_by") and _counts(event, lead)]
    if not promised:
        return None
    told_first = min(promised, key=_call_by)
    call_by = _call_by(told_first)
    return PromiseRecord(
        call_by=call_by,
        state=promise_state(call_by, lead.first_contact_at, at),
        nobody_until=_moment(told_first.get("nobody_until")),
        closes_at=_moment(told_first.get("closes_at")),
    )


def _counts(event: LeadEvent, lead: Lead) -> bool:
    return lead.first_contact_at is None or event.occurred_at <= lead.first_contact_at


def _call_by(told: dict[str, str]) -> datetime:
    return datetime.fromisoformat(told["call_by"])


def promise_state(call_by: datetime, contact_at: datetime | None, at: datetime) -> PromiseState:
    """Return what has become of a promise to call by a time."""
    if contact_at:
        return PromiseState.KEPT if contact_at <= call_by else PromiseState.LATE
    return PromiseState.RUNNING if at < call_by else PromiseState.BROKEN


def leads_with_requests(sites: Collection[UUID]) -> QuerySet[CallerRequest]:
    """Return every open request at these sites: the one that the law wants first, then the oldest.

    A row is read by the page without another query.
    """
    requests = CallerRequest.objects.filter(settled_at=None, lead__site__in=sites)
    with_lead = requests.select_related("lead__caller", "lead__site", "lead__owner")
    return with_lead.order_by(F("due_date").asc(nulls_last=True), "asked_at", "id")


def are_overdue(requests: QuerySet[CallerRequest], at: datetime) -> QuerySet[CallerRequest]:
    """Return those whose last day is over, each by the calendar of its own site."""
    there = Func(F("lead__site__time_zone"), Value(at), function="timezone", output_field=DateTimeField())
    return requests.alias(today=Cast(there, DateField())).filter(due_date__lt=F("today"))


def _moment(stored: str | None) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None
