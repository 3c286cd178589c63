"""Reaching people: every try is logged for good, and only two-way contact stops the first-response clock."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from crm.enums import (
    Band,
    CallBackKind,
    ContactDisposition,
    ContactMethod,
    ContactOutcome,
    EventKind,
    Party,
    Queue,
    Stage,
)
from crm.letters import UNTIL_WE_SPEAK
from crm.models import ContactAttempt, Lead, LeadEvent, Person, User
from crm.refusals import LeadInReview, LeadIsOver, NothingWritten, NotTwoWay
from crm.selectors.call_backs import open_call_back
from crm.services.acknowledging import answer_alert
from crm.services.bringing_back import bring_back
from crm.services.call_backs import after_safety_call
from crm.services.caller_requests import settle_calls
from crm.services.contact_plans import follow_up
from crm.services.locking import locked
from crm.services.ordering import stand_anew
from crm.services.phone_settling import settle_by_contact
from crm.services.pulse import touch_queues
from crm.services.queues import renew_lease
from crm.services.safe_contact import Reach, check_is_safe, person_of
from crm.services.stages import set_stage
from crm.targets import FOLLOW_UP_AFTER
from notifications.enums import Acknowledgement, Why
from notifications.services.outbox import cancel_unsent_kinds

IS_TWO_WAY = frozenset({ContactOutcome.SPOKE, ContactOutcome.REPLIED})
CAN_BE_TWO_WAY = IS_TWO_WAY | {ContactOutcome.ASKED_TO_CALL_LATER}


@dataclass(frozen=True, slots=True)
class Try:
    """One try to reach a person, as the one who tried tells it. To have spoken is two-way, ticked or not.

    `inbound`: they rang or wrote to us. `call_at` is when to call again, if that was agreed.
    """

    person: Person
    method: ContactMethod
    outcome: ContactOutcome
    two_way: bool
    note: str = ""
    override_reason: str = ""
    disposition: ContactDisposition | None = None
    minutes: int | None = None
    inbound: bool = False
    call_at: datetime | None = None
    goes_at: datetime | None = None  # when it goes out by itself, if not now

    @property
    def is_two_way(self) -> bool:
        return self.two_way or self.outcome in IS_TWO_WAY


@transaction.atomic
def log_attempt(*, lead: Lead, by: User, attempt: Try, at: datetime) -> ContactAttempt:
    """Write down one try. The first two-way one stops the clock and moves a new lead to "contacted".

    One in vain sets the plan's next try; `call_at` sets the call that was agreed instead. On a closed lead
    only its safety call can be logged.

    Raises ContactNotSafe when the way or the time is not safe and no reason (10 characters or more) was
    given, and for somebody who is not of this lead; NotTwoWay for a voicemail, or an outcome that cannot be
    a two-way contact; CallBackNotPossible; LeadInReview, LeadIsOver.
    """
    lead = _to_be_contacted(lead)
    attempt = replace(attempt, person=person_of(lead, attempt.person))
    _check_is_possible(attempt)
    reach = Reach(attempt.person, attempt.method, attempt.goes_at or at)
    reason = attempt.override_reason
    overridden = not attempt.inbound and check_is_safe(lead, reach, by=by, reason=reason)
    written = _write(lead, by, attempt, at, overridden=overridden)
    lead.attempt_count += 1
    if not lead.is_open:
        lead.save(update_fields=["attempt_count"])
        after_safety_call(lead, by, written, at)
        return written
    if attempt.is_two_way:
        bring_back(lead, at, by=by)
        _two_way_contact(lead, by, at)
        settle_by_contact(lead=lead, person=attempt.person, by=by, at=at)
        cancel_unsent_kinds(about=lead.pk, kinds=UNTIL_WE_SPEAK, why=Why.SPOKEN)
    follow_up(lead, written, at, call_at=attempt.call_at)
    lead.save(update_fields=["attempt_count", "first_contact_at", "due_at", "band", "stage"])
    settle_calls(lead=lead, by=by, at=at)
    stand_anew(lead)
    renew_lease(lead=lead, by=by, at=at)
    answer_alert(lead=lead, by=by, how=Acknowledgement.CONTACT, at=at)
    touch_queues()
    return written


@transaction.atomic
def add_note(*, lead: Lead, by: User, text: str, at: datetime, said_by: Party | None = None) -> LeadEvent:
    """Put a note on the timeline, also of a lead that is over. Raises NothingWritten for an empty one.

    `said_by` is whose words they are, so that what one person says is never shown as said by the other.
    """
    if not text.strip():
        raise NothingWritten
    data = {"said_by": said_by.value} if said_by else {}
    return LeadEvent.objects.create(
        lead=lead, kind=EventKind.NOTE_ADDED, by=by, occurred_at=at, note=text.strip(), data=data
    )


def _to_be_contacted(lead: Lead) -> Lead:
    """Return the lead locked. A closed one is called once more, if a safety call is set on it."""
    lead = locked(lead)
    if lead.queue == Queue.REVIEW:
        raise LeadInReview
    call_back = None if lead.is_open else open_call_back(lead)
    if not lead.is_open and not (call_back and call_back.kind == CallBackKind.SAFETY):
        raise LeadIsOver
    return lead


def _check_is_possible(attempt: Try) -> None:
    if attempt.is_two_way and attempt.method == ContactMethod.VOICEMAIL:
        raise NotTwoWay
    if attempt.two_way and attempt.outcome not in CAN_BE_TWO_WAY:
        raise NotTwoWay


def _write(lead: Lead, by: User, attempt: Try, at: datetime, *, overridden: bool) -> ContactAttempt:
    written = ContactAttempt.objects.create(
        lead=lead,
        person=attempt.person,
        by=by,
        method=attempt.method,
        outcome=attempt.outcome,
        two_way=attempt.is_two_way,
        inbound=attempt.inbound,
        disposition=attempt.disposition or "",
        minutes=attempt.minutes,
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
