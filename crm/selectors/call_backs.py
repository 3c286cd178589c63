"""When somebody is called again, and on whom a person must decide."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from crm.cadence import Cadence
from crm.enums import Band, CallBackKind, EventKind, Level, Stage
from crm.models import CallBack, ContactPlan, Lead, LeadEvent
from crm.selectors.cadences import cadence_at
from crm.selectors.prepared import IsAnyOf, Moment, Sites

# What makes a lead more pressing than the plan for it: nobody waits for the next try then.
NEWS = (
    EventKind.REPEAT_ENQUIRY,
    EventKind.ANSWERED_MORE,
    EventKind.GOT_WORSE,
    EventKind.ASKED_SOONER,
    EventKind.LEVEL_RAISED,
    EventKind.MORE_SEVERE,
    EventKind.REOPENED,
)
ON_OPEN_LEAD = Q(lead__closed_at=None) & ~Q(lead__stage=Stage.ADMITTED)
REMIND_BEFORE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class ContactState:
    """Where the tries to reach somebody stand. `tries` of `most` were in vain since we last spoke.

    Without any, `most` is 0: nobody asks for it.
    """

    call_back: CallBack | None
    tries: int
    most: int
    decide_since: datetime | None


def contact_state(lead: Lead) -> ContactState:
    """Return what a lead's page says of its tries."""
    plan = ContactPlan.objects.filter(lead=lead).first()
    return ContactState(
        call_back=open_call_back(lead),
        tries=plan.tries if plan else 0,
        most=cadence_of(lead).most if plan and plan.tries else 0,
        decide_since=plan.decide_since if plan else None,
    )


def open_call_back(lead: Lead) -> CallBack | None:
    return lead.call_backs.filter(settled_at=None).select_related("person", "by").first()


def cadence_of(lead: Lead) -> Cadence:
    """Return the waits of the lead's level at its site; one that is not placed yet counts as U1."""
    return cadence_at(lead.site_id, Level(lead.level or Level.U1))


def waits_for_its_time(at: datetime) -> Exists:
    """Return the condition that a lead is to be called later, and that nothing has come in since.

    A call after the promised time holds no emergency back with whom nobody has spoken.
    """
    news = LeadEvent.objects.filter(lead=OuterRef("lead"), kind__in=NEWS, occurred_at__gt=OuterRef("made_at"))
    later = CallBack.objects.filter(lead=OuterRef("pk"), settled_at=None, due_at__gt=at + REMIND_BEFORE)
    in_vain = {"lead__band__in": [Band.TOP, Band.EMERGENCY], "lead__first_contact_at": None}
    return Exists(later.exclude(Exists(news)).exclude(due_at__gt=F("lead__due_at"), **in_vain))


def call_is_due(at: datetime) -> Exists:
    """Return the condition that a lead is to be called now, as was agreed or planned."""
    due = CallBack.objects.filter(lead=OuterRef("pk"), settled_at=None, due_at__lte=at + REMIND_BEFORE)
    return Exists(due)


def due_call_backs(sites: Sites, at: Moment) -> QuerySet[CallBack]:
    """Return the calls that are due in the next minutes, or late."""
    return open_call_backs(sites).filter(due_at__lte=at + REMIND_BEFORE)


def open_call_backs(sites: Sites) -> QuerySet[CallBack]:
    """Return every call that is to be made at these sites, soonest first; a row needs no other query.

    A lead that is over has only safety calls.
    """
    still_wanted = Q(kind=CallBackKind.SAFETY, lead__stage=Stage.CLOSED) | Q(
        ~Q(kind=CallBackKind.SAFETY), ON_OPEN_LEAD
    )
    found = CallBack.objects.filter(still_wanted, IsAnyOf("lead__site", sites), settled_at=None)
    return found.select_related("lead__site", "lead__owner", "lead__caller", "person", "by").order_by(
        "due_at", "id"
    )


def leads_to_decide(sites: Collection[UUID]) -> QuerySet[ContactPlan]:
    """Return the leads that were tried as often as planned, the longest wait first."""
    plans = ContactPlan.objects.filter(decide_since__isnull=False, lead__site__in=sites)
    return (
        plans.filter(ON_OPEN_LEAD)
        .select_related("lead__site", "lead__owner", "lead__caller")
        .order_by("decide_since")
    )
