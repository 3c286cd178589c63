"""What one shift leaves to the next: notes, and what has been promised for the next hours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, F, QuerySet, When

from crm.enums import Band, PauseKind, PauseReason, Queue
from crm.leases import is_held
from crm.models import CallBack, CallerRequest, HandoverNote, Lead, Shift, Site
from crm.models.lead import OPEN
from crm.promises import Promise, promise_of
from crm.selectors.answers_given import answered_in_words, latest_answer
from crm.selectors.call_backs import open_call_backs
from crm.selectors.phone import phone_work
from crm.selectors.policies import policy_of

HOURS = (4, 8, 12)  # that the page offers to look ahead
NOTES_FROM = timedelta(hours=24)
MOST_SHOWN = 100
EMERGENCIES = (Band.TOP, Band.EMERGENCY)


@dataclass(frozen=True, slots=True)
class Promised:
    """One thing that somebody has been told to expect: what, when, and who has the lead or sees to it."""

    lead: Lead
    what: str
    due_at: datetime
    promise: Promise
    holder: str


@dataclass(frozen=True, slots=True)
class Handover:
    """`is_cut`: there is more than is shown. `phone_work`: missed calls and texts that wait."""

    promised: list[Promised]
    is_cut: bool
    call_backs: list[CallBack]
    requests: list[CallerRequest]
    phone_work: int
    notes: list[HandoverNote]
    on_next: list[Shift]


def handover_of(site: Site, at: datetime, hours: int) -> Handover:
    """Return what the next hours bring at a site, emergencies and what is overdue first; eight queries."""
    until = at + timedelta(hours=hours)
    warn_at = policy_of(site.pk).warn_at
    leads = list(_due(site, at, until)[: MOST_SHOWN + 1])
    return Handover(
        promised=[_promised(lead, at, warn_at) for lead in leads[:MOST_SHOWN]],
        is_cut=len(leads) > MOST_SHOWN,
        call_backs=list(open_call_backs([site.pk]).filter(due_at__lte=until)[:MOST_SHOWN]),
        requests=list(_requests(site)[:MOST_SHOWN]),
        phone_work=phone_work([site.pk]),
        notes=list(_notes(site, at)),
        on_next=list(_on_next(site, at, until)),
    )


def _due(site: Site, at: datetime, until: datetime) -> QuerySet[Lead]:
    """Return what is due by then: calls, follow-ups, readings in review, and what comes back by then.

    Emergencies that nobody has reached come first: below a week of late follow-ups, one would not be shown.
    """
    emergencies_first = Case(When(band__in=EMERGENCIES, then=F("band")), default=Band.WAITING)
    shown_at = Case(When(paused_until__gt=at, then=F("paused_until")), default=F("due_at"))
    leads = Lead.objects.filter(OPEN, site=site).alias(shown_at=shown_at).filter(shown_at__lte=until)
    leads = leads.annotate(answer=latest_answer())
    return leads.select_related("caller", "owner").order_by(emergencies_first, "shown_at", "band", "id")


def _promised(lead: Lead, at: datetime, warn_at: Mapping[str, int]) -> Promised:
    seen_to = answered_in_words(lead, getattr(lead, "answer", None), None, at)
    holder = str(lead.owner) if is_held(lead, at) else seen_to
    back_at = lead.paused_until if lead.paused_until and lead.paused_until > at else None
    return Promised(lead, _what(lead, back_at), back_at or lead.due_at, promise_of(lead, at, warn_at), holder)


def _what(lead: Lead, back_at: datetime | None) -> str:
    if back_at:
        stopped = lead.pause == PauseKind.CLOCK
        why = PauseReason(lead.pause_reason).label.lower()
        return f"{'Its clock goes on' if stopped else 'Back from a snooze'}: {why}"
    if lead.queue == Queue.REVIEW:
        return "Decide whether it is an enquiry"
    return "Follow up" if lead.first_contact_at else "First call"


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
