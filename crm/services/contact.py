"""Reaching people: every try is logged for good, and only two-way contact stops the first-response clock."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from crm.enums import Band, ContactMethod, ContactOutcome, EventKind, Queue, Stage
from crm.models import ContactAttempt, Lead, LeadEvent, Person, User
from crm.refusals import ContactNotSafe, LeadInReview, NothingWritten, NotTwoWay, ReasonTooShort
from crm.services.caller_requests import settle_calls
from crm.services.locking import locked_open
from crm.services.ordering import stand_anew
from crm.services.pauses import bring_back
from crm.services.phone_settling import settle_by_contact
from crm.services.pulse import touch_queues
from crm.services.queues import renew_lease
from crm.services.stages import set_stage
from crm.targets import FOLLOW_UP_AFTER

LEAST_OVERRIDE = 10  # characters
IS_TWO_WAY = frozenset({ContactOutcome.SPOKE, ContactOutcome.REPLIED})
CAN_BE_TWO_WAY = IS_TWO_WAY | {ContactOutcome.ASKED_TO_CALL_LATER}


@dataclass(frozen=True, slots=True)
class Try:
    """One try to reach a person, as the one who tried tells it. To have spoken is two-way, ticked or not."""

    person: Person
    method: ContactMethod
    outcome: ContactOutcome
    two_way: bool
    note: str = ""
    override_reason: str = ""

    @property
    def is_two_way(self) -> bool:
        return self.two_way or self.outcome in IS_TWO_WAY


@transaction.atomic
def log_attempt(*, lead: Lead, by: User, attempt: Try, at: datetime) -> ContactAttempt:
    """Write down one try. The first two-way one stops the clock and moves a new lead to "contacted".

    Raises ContactNotSafe when the person did not say that this way is safe and no reason (10 characters or
    more) was given, and for somebody who is not of this lead; NotTwoWay for a voicemail, or an outcome that
    cannot be a two-way contact; LeadInReview, LeadIsOver.
    """
    lead = locked_open(lead)
    if lead.queue == Queue.REVIEW:
        raise LeadInReview
    attempt = replace(attempt, person=_person_of(lead, attempt.person))
    _check_is_possible(attempt)
    _check_is_safe(attempt)
    written = _write(lead, by, attempt, at)
    lead.attempt_count += 1
    if attempt.is_two_way:
        bring_back(lead, at, by=by)
        _two_way_contact(lead, by, at)
        settle_by_contact(lead=lead, person=attempt.person, by=by, at=at)
    lead.save(update_fields=["attempt_count", "first_contact_at", "due_at", "band", "stage"])
    settle_calls(lead=lead, by=by, at=at)
    stand_anew(lead)
    renew_lease(lead=lead, by=by, at=at)
    touch_queues()
    return written


@transaction.atomic
def add_note(*, lead: Lead, by: User, text: str, at: datetime) -> LeadEvent:
    """Put a note on the timeline, also of a lead that is over. Raises NothingWritten for an empty one."""
    if not text.strip():
        raise NothingWritten
    return LeadEvent.objects.create(
        lead=lead, kind=EventKind.NOTE_ADDED, by=by, occurred_at=at, note=text.strip()
    )


def _person_of(lead: Lead, person: Person) -> Person:
    """Return the caller or the patient with the rules as they are now: what is safe changes."""
    if person.pk not in {lead.caller_id, lead.patient_id}:
        raise ContactNotSafe("This person is not of this lead.")
    return Person.objects.get(pk=person.pk)


def _check_is_possible(attempt: Try) -> None:
    if attempt.is_two_way and attempt.method == ContactMethod.VOICEMAIL:
        raise NotTwoWay
    if attempt.two_way and attempt.outcome not in CAN_BE_TWO_WAY:
        raise NotTwoWay


def _check_is_safe(attempt: Try) -> None:
    reason = attempt.override_reason.strip()
    if attempt.person.allows(attempt.method):
        return
    if not reason:
        raise ContactNotSafe(_why_not(attempt))
    if len(reason) < LEAST_OVERRIDE:
        raise ReasonTooShort(LEAST_OVERRIDE)


def _why_not(attempt: Try) -> str:
    if attempt.person.no_contact:
        return "This person must not be contacted: they have not agreed. Give a reason to set that aside."
    if attempt.person.stopped_at:
        return "This person asked us to stop contacting them. Give a reason to set that aside."
    way = ContactMethod(attempt.method).label.lower()
    way = f"an {way}" if way[0] in "aeiou" else f"a {way}"
    return f"This person did not say that {way} is safe. Choose another way, or give a reason."


def _write(lead: Lead, by: User, attempt: Try, at: datetime) -> ContactAttempt:
    overridden = not attempt.person.allows(attempt.method)
    written = ContactAttempt.objects.create(
        lead=lead,
        person=attempt.person,
        by=by,
        method=attempt.method,
        outcome=attempt.outcome,
        two_way=attempt.is_two_way,
        note=attempt.note.strip(),
        override_reason=attempt.override_reason.strip() if overridden else "",
        attempted_at=at,
    )
    data: dict[str, str | bool] = {
        "attempt": str(written.pk),
        "method": written.method,
        "outcome": written.outcome,
    }
    data |= {"two_way": written.two_way, "rules_set_aside": overridden}
    LeadEvent.objects.create(lead=lead, kind=EventKind.CONTACT_ATTEMPTED, by=by, occurred_at=at, data=data)
    return written


def _two_way_contact(lead: Lead, by: User, at: datetime) -> None:
    lead.due_at, lead.band = at + FOLLOW_UP_AFTER, Band.FOLLOW_UP
    if lead.first_contact_at is None:
        lead.first_contact_at = at
        minutes = (at - lead.received_at).total_seconds() / 60
        data = {"minutes": round(minutes, 2), "within_target": at <= lead.clock_ends_at}
        LeadEvent.objects.create(lead=lead, kind=EventKind.FIRST_CONTACT, by=by, occurred_at=at, data=data)
    if lead.stage == Stage.NEW:
        set_stage(lead, Stage.CONTACTED, by, at)
