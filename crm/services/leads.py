"""Opening a lead for an enquiry, or joining the one that is open already."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F, QuerySet

from crm.consent import GIVES_NO_AGREEMENT
from crm.enums import CallerRole, EventKind, LeadChannel, Level, Queue
from crm.models import Lead, LeadEvent, LeadReference, Person, Site
from crm.selectors.open_leads import is_known_caller, merged_into, open_leads_joined_by, open_leads_of
from crm.services.bringing_back import bring_back
from crm.services.ordering import stand_anew
from crm.services.people import PersonDetails, create_person, update_from_repeat_enquiry
from crm.services.pulse import touch_queues
from crm.targets import REVIEW_WITHIN, respond_by
from notifications.enums import Audience
from notifications.services.outbox import cancel_unsent_messages


@dataclass(frozen=True, slots=True)
class NewEnquiry:
    """What the desk needs to know of an enquiry. `patient` is None when the caller is the patient.

    `call_by` is the promise that the caller was given, `told` what the page said: [{"key", "text"}],
    `hours_told` what it said of the desk: {"nobody_until", "closes_at"}. A
    `review_reason` sends the lead to the review queue. `about` names what an addition answered. A caller who
    `is_watched` is reached only in ways that they called safe themselves. `came_from` is what is known of the
    visit or the call, see intake.sources. `worse_on`: an addition that says that it has got worse, and the
    enquiry on whose page it does. It `can_wait` if, by the rules as they were when it came, it wakes nobody.
    """

    reference: str
    site: Site
    channel: LeadChannel
    caller_role: CallerRole
    caller: PersonDetails
    patient: PersonDetails | None
    call_by: datetime
    told: list[dict[str, str]] = field(default_factory=list)
    hours_told: dict[str, str] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)
    source: str = ""
    campaign: str = ""
    came_from: dict[str, str] = field(default_factory=dict)
    main_substance: str = ""
    review_reason: str = ""
    wants_interpreter: str = ""
    about: list[str] = field(default_factory=list)
    is_watched: bool = False
    worse_on: str = ""
    can_wait: bool = False
    received_at: datetime = field(kw_only=True)


@transaction.atomic(savepoint=False)
def open_or_join_lead(*, enquiry: NewEnquiry, at: datetime) -> Lead:
    """Return the lead that the enquiry belongs to: the caller's open one, or a new one.

    Two enquiries from one number at the same moment wait for each other here, so they end on one lead. An
    enquiry under review never joins a lead: it may be somebody's mischief.
    """
    _one_at_a_time(enquiry.caller.contact_tokens)
    lead = None if enquiry.review_reason else _open_lead_for(enquiry, _held)
    lead = _join(lead, enquiry, at) if lead else _open(enquiry, at)
    LeadReference.objects.create(reference=enquiry.reference, lead=lead)
    touch_queues()
    return lead


def _one_at_a_time(tokens: list[int]) -> None:
    """Wait for any other enquiry with one of these tokens, in one order, so that no two wait for ever."""
    if not tokens:
        return  # a call from a withheld number
    locks = ", ".join(["pg_advisory_xact_lock(%s)"] * len(tokens))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {locks}", sorted(tokens))


def lead_to_join(*, enquiry: NewEnquiry) -> Lead | None:
    """Return the lead that an enquiry would join if it came now. Nothing is locked: for a look ahead."""
    return _open_lead_for(enquiry, lambda leads: leads)


def _open_lead_for(enquiry: NewEnquiry, hold: Callable[[QuerySet[Lead]], Iterable[Lead]]) -> Lead | None:
    """Return the newest open lead of the same caller, in the same role, about the same person, or the one
    that theirs was merged into.

    Held, it is locked with its people, so that nobody closes or changes it before the enquiry has joined.
    """
    tokens = enquiry.caller.lookup_tokens
    if not is_known_caller(tokens):
        return None
    own = open_leads_of(site=enquiry.site, tokens=tokens, caller_role=enquiry.caller_role)
    lead = next((lead for lead in hold(own) if _same_patient(lead, enquiry)), None)
    if lead:
        return lead
    joined = hold(open_leads_joined_by(site=enquiry.site, tokens=tokens))
    return next((lead for lead in joined if _same_patient_of_any(lead, enquiry)), None)


def _held(leads: QuerySet[Lead]) -> list[Lead]:
    """Return the leads locked with their people, in the order in which a merge locks them; newest first."""
    locked = leads.order_by("pk").select_for_update(of=("self", "caller", "patient"))
    return sorted(locked, key=lambda lead: lead.received_at, reverse=True)


def _same_patient_of_any(lead: Lead, enquiry: NewEnquiry) -> bool:
    """A person has said that the leads that were merged are about one human, whatever the names are."""
    return any(_same_patient(each, enquiry) for each in (lead, *merged_into(lead)))


def _same_patient(lead: Lead, enquiry: NewEnquiry) -> bool:
    """Names that differ are two people: a mother with two sons, a GP with ten patients, a shared phone.

    A missing name counts as the same person, except for professionals, who write about many.
    """
    return is_same_name(lead.patient.name, (enquiry.patient or enquiry.caller).name, enquiry.caller_role)


def is_same_name(known: str, given: str, role: CallerRole) -> bool:
    """Return whether two enquiries of one caller in this role are about one person, by the names given."""
    if known and given:
        return known.casefold().split() == given.casefold().split()
    return role != CallerRole.PROFESSIONAL


def _join(lead: Lead, enquiry: NewEnquiry, at: datetime) -> Lead:
    was_safe = lead.caller.may_email
    update_from_repeat_enquiry(person=lead.caller, details=enquiry.caller)
    if was_safe and not lead.caller.may_email:
        cancel_unsent_messages(about=lead.pk, audience=Audience.CALLER)
    if enquiry.patient:
        update_from_repeat_enquiry(person=lead.patient, details=enquiry.patient)
    holds = sorted({*lead.holds, *_consent_hold(lead.patient)})
    lead.can_wait = False  # what joins a lead may raise it, whatever it says itself
    Lead.objects.filter(pk=lead.pk).update(
        enquiry_count=F("enquiry_count") + 1, holds=holds, can_wait=lead.can_wait
    )
    bring_back(lead, at)
    stand_anew(lead)
    note_enquiry(lead, EventKind.REPEAT_ENQUIRY, enquiry)
    return lead


def _open(enquiry: NewEnquiry, at: datetime) -> Lead:
    caller = create_person(details=enquiry.caller, at=at)
    patient = create_person(details=enquiry.patient, at=at) if enquiry.patient else caller
    people = {"caller": caller, "patient": patient}
    lead = Lead.objects.create(**_first_values(enquiry), **people, holds=_consent_hold(patient))
    note_enquiry(lead, EventKind.ENQUIRY_RECEIVED, enquiry)
    return lead


def _consent_hold(patient: Person) -> list[str]:
    """Return the hold of somebody who has not agreed, whoever asks: clearing it says that they have."""
    return [GIVES_NO_AGREEMENT] if patient.no_contact else []


def _first_values(enquiry: NewEnquiry) -> dict[str, object]:
    """Return a new lead's columns. Until it is placed it is due as U1, whatever the rules will say."""
    unplaced_due = respond_by(Level.U1, enquiry.received_at)
    review_due = enquiry.received_at + REVIEW_WITHIN
    return {
        "reference": enquiry.reference,
        "site": enquiry.site,
        "channel": enquiry.channel,
        "caller_role": enquiry.caller_role,
        "queue": Queue.REVIEW if enquiry.review_reason else Queue.UNROUTED,
        "review_reason": enquiry.review_reason,
        "can_wait": enquiry.can_wait,
        "received_at": enquiry.received_at,
        "respond_by": enquiry.call_by,
        "due_at": min(enquiry.call_by, review_due if enquiry.review_reason else unplaced_due),
        "source": enquiry.source,
        "campaign": enquiry.campaign,
        "landing": enquiry.came_from.get("landing", ""),
        "main_substance": enquiry.main_substance,
        "wants_interpreter": enquiry.wants_interpreter,
    }


def note_enquiry(lead: Lead, kind: EventKind, enquiry: NewEnquiry) -> None:
    """Write an enquiry on the lead's timeline, with what its caller was told."""
    LeadEvent.objects.create(
        lead=lead,
        kind=kind,
        occurred_at=enquiry.received_at,
        data={
            "enquiry": enquiry.reference,
            "channel": enquiry.channel,
            "flags": enquiry.flags,
            "came_from": enquiry.came_from,
            "told": enquiry.told,
            "call_by": enquiry.call_by.isoformat(),
            **enquiry.hours_told,
            **({"about": enquiry.about} if enquiry.about else {}),
        },
    )
