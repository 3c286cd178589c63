"""What one shift leaves to the next: notes, and what has been promised for the next hours."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from crm.enums import Queue
from crm.leases import is_held
from crm.models import CallerRequest, HandoverNote, Lead, Shift, Site
from crm.models.lead import OPEN
from crm.promises import Promise, promise_of

HOURS = (4, 8, 12)  # that the page offers to look ahead
NOTES_FROM = timedelta(hours=24)
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Promised:
    """One thing that somebody has been told to expect: what, when, and who has the lead now."""

    lead: Lead
    what: str
    due_at: datetime
    promise: Promise
    holder: str


@dataclass(frozen=True, slots=True)
class Handover:
    """`is_cut`: there is more than is shown."""

    promised: list[Promised]
    is_cut: bool
    requests: list[CallerRequest]
    notes: list[HandoverNote]
    on_next: list[Shift]


def handover_of(site: Site, at: datetime, hours: int) -> Handover:
    """Return what the next hours bring at a site, what is overdue now first; five queries."""
    until = at + timedelta(hours=hours)
    leads = list(_due(site, until)[: MOST_SHOWN + 1])
    return Handover(
        promised=[_promised(lead, at) for lead in leads[:MOST_SHOWN]],
        is_cut=len(leads) > MOST_SHOWN,
        requests=list(_requests(site)[:MOST_SHOWN]),
        notes=list(_notes(site, at)),
        on_next=list(_on_next(site, at, until)),
    )


def _due(site: Site, until: datetime) -> QuerySet[Lead]:
    """Return what is due by then: calls, follow-ups and call-backs, readings in review."""
    due = Lead.objects.filter(OPEN, site=site, due_at__lte=until).select_related("caller", "owner")
    return due.order_by("due_at", "band", "id")


def _promised(lead: Lead, at: datetime) -> Promised:
    holder = str(lead.owner) if is_held(lead, at) else ""
    return Promised(lead, _what(lead), lead.due_at, promise_of(lead, at), holder)


def _what(lead: Lead) -> str:
    if lead.queue == Queue.REVIEW:
        return "Decide whether it is an enquiry"
    if lead.first_contact_at:
        return "Follow up"
    return "First call" if lead.due_at >= lead.respond_by else "Call, sooner than promised"


def _requests(site: Site) -> QuerySet[CallerRequest]:
    open_ones = CallerRequest.objects.filter(lead__site=site, settled_at=None)
    return open_ones.select_related("lead__caller").order_by("asked_at", "id")


def _notes(site: Site, at: datetime) -> QuerySet[HandoverNote]:
    """Return the notes of the last day: the last shift's, and the ones before, the newest first."""
    notes = HandoverNote.objects.filter(site=site, written_at__gt=at - NOTES_FROM)
    return notes.select_related("by").order_by("-written_at", "-id")


def _on_next(site: Site, at: datetime, until: datetime) -> QuerySet[Shift]:
    """Return who is or will be on shift, at the desk first, then those on call in their order."""
    shifts = Shift.objects.filter(site=site, ends_at__gt=at, starts_at__lt=until).select_related("user")
    return shifts.order_by("starts_at", "on_call", "id")
