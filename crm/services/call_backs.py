"""Calls at a time: agreed with somebody, the next try of the plan, or a safety call on a closed lead."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from crm.contact_rules import next_safe_time
from crm.enums import Band, CallBackKind, ContactMethod, EventKind, PauseKind, Queue
from crm.letters import SAY_WHEN
from crm.models import CallBack, ContactAttempt, Lead, LeadEvent, Person, User
from crm.refusals import (
    CallBackNotPossible,
    ContactNotSafe,
    LeadInReview,
    NoCallBack,
    ReasonTooShort,
)
from crm.selectors.call_backs import REMIND_BEFORE, open_call_back
from crm.services.bringing_back import bring_back
from crm.services.locking import locked, locked_open
from crm.services.pulse import touch_queues
from crm.services.safe_contact import Reach, check_is_safe, person_of, why_not_safe
from jobs.services.enqueue import enqueue_job
from notifications.enums import Why
from notifications.services.outbox import cancel_unsent_kinds

FURTHEST = timedelta(days=60)
LEAST_REASON = 10  # characters
SAFETY_TRIES = 3
STOPPED = "They asked us to stop. Write down first that they may be contacted again, then agree a call."
SAFETY_AGAIN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WishedCall:
    """A call that is to be made: to whom, when, and what to say or ask."""

    person: Person
    due_at: datetime
    kind: CallBackKind = CallBackKind.AGREED
    note: str = ""
    override_reason: str = ""


@transaction.atomic
def set_call_back(*, lead: Lead, by: User, wish: WishedCall, at: datetime) -> CallBack:
    """Set the one call-back of an open lead, in place of any other; somebody is reminded in time.

    Before the first contact the promise stays what is due. Raises LeadIsOver, LeadInReview,
    CallBackNotPossible for a time that is past or over 60 days away, what check_is_safe raises for a call
    that would not be safe then, and ContactNotSafe for somebody who asked us to stop, whatever the reason.
    """
    lead = locked_open(lead)
    if lead.queue == Queue.REVIEW:
        raise LeadInReview
    call_back = arrange(lead, by, wish, at)
    lead.save(update_fields=["due_at"])
    return call_back


@transaction.atomic
def cancel_call_back(*, lead: Lead, by: User, reason: str, at: datetime) -> None:
    """Say that the call-back is not needed, and why. Raises NoCallBack, ReasonTooShort."""
    if len(reason.strip()) < LEAST_REASON:
        raise ReasonTooShort(LEAST_REASON)
    lead = locked(lead)
    if not drop_call_back(lead, by, at, note=reason.strip()):
        raise NoCallBack


@transaction.atomic
def remind_of_call_back(*, call_back_id: UUID, at: datetime) -> None:
    """Say on every desk that a call is due, unless it was made or is not needed any more."""
    found = CallBack.objects.select_for_update().filter(pk=call_back_id, settled_at=None, reminded_at=None)
    call_back = found.first()
    if call_back is None:
        return
    call_back.reminded_at = at
    call_back.save(update_fields=["reminded_at"])
    note_call_back(call_back, EventKind.CALL_BACK_DUE, at)


def arrange(lead: Lead, by: User, wish: WishedCall, at: datetime) -> CallBack:
    """Set the call-back of a locked lead; what is due moves to it once we have spoken. The caller saves."""
    _check_time(wish.due_at, at)
    person = person_of(lead, wish.person)
    if person.stopped_at:
        raise ContactNotSafe(STOPPED)
    reach = Reach(person, ContactMethod.CALL, wish.due_at)
    check_is_safe(lead, reach, by=by, reason=wish.override_reason)
    settle(lead, by, at)
    call_back = CallBack.objects.create(
        lead=lead,
        person=person,
        kind=wish.kind,
        due_at=wish.due_at,
        note=wish.note.strip(),
        by=by,
        made_at=at,
    )
    if lead.band == Band.FOLLOW_UP and lead.is_open:
        if lead.pause == PauseKind.CLOCK:
            bring_back(lead, at, by=by)  # the call has a time of its own, which no clock moves
        lead.due_at = wish.due_at
    note_call_back(call_back, EventKind.CALL_BACK_SET, at, by=by)
    _remind_at(call_back)
    return call_back


def settle(lead: Lead, by: User, at: datetime, *, attempt: ContactAttempt | None = None) -> bool:
    """End the open call-back of a locked lead, with the attempt that was it; return whether there was one."""
    waiting = lead.call_backs.filter(settled_at=None)
    cancel_unsent_kinds(about=lead.pk, kinds=SAY_WHEN, why=Why.MOVED)
    return bool(waiting.update(settled_at=at, settled_by=by, attempt=attempt))


def drop_call_back(lead: Lead, by: User | None, at: datetime, *, note: str = "") -> bool:
    """End the open call-back of a locked lead because nobody needs it; return whether there was one."""
    call_back = open_call_back(lead)
    if call_back is None:
        return False
    call_back.settled_at, call_back.settled_by = at, by
    call_back.save(update_fields=["settled_at", "settled_by"])
    cancel_unsent_kinds(about=lead.pk, kinds=SAY_WHEN, why=Why.MOVED)
    note_call_back(call_back, EventKind.CALL_BACK_CANCELLED, at, by=by, note=note)
    return True


def drop_calls_to(person: Person, at: datetime) -> None:
    """End every call that is to be made to somebody who asked us to stop. Their leads are locked."""
    for call_back in CallBack.objects.select_related("lead").filter(person=person, settled_at=None):
        call_back.settled_at = at
        call_back.save(update_fields=["settled_at"])
        note_call_back(call_back, EventKind.CALL_BACK_CANCELLED, at)


def set_call_back_again(lead: Lead, call_back_id: str, *, by: User, at: datetime) -> None:
    """Set a call of a locked lead again that was ended without an attempt, unless they asked us to stop."""
    ended = lead.call_backs.filter(pk=call_back_id, attempt=None, settled_at__isnull=False).first()
    if ended is None or ended.person.stopped_at or open_call_back(lead):
        return
    ended.settled_at = ended.settled_by = ended.reminded_at = None
    ended.made_at = at
    ended.save(update_fields=["settled_at", "settled_by", "reminded_at", "made_at"])
    note_call_back(ended, EventKind.CALL_BACK_SET, at, by=by)
    _remind_at(ended)


def hand_on_call_back(lead: Lead, to: Lead) -> dict[str, str]:
    """Let another locked lead keep what was agreed on this one; the sooner of two calls stands.

    Return what take_call_back_home needs: the call, whom it is to, and the one that it stands for now.
    """
    mine, theirs = open_call_back(lead), open_call_back(to)
    if mine is None or mine.kind != CallBackKind.AGREED or (theirs and theirs.due_at <= mine.due_at):
        return {}
    if theirs:
        settle(to, mine.by, mine.made_at)
    gone = {
        "call": str(mine.pk),
        "person": str(mine.person_id),
        "instead_of": str(theirs.pk) if theirs else "",
    }
    mine.person_id = to.caller_id if mine.person_id == lead.caller_id else to.patient_id
    mine.lead = to
    mine.save(update_fields=["lead", "person"])
    return gone


def take_call_back_home(gone: dict[str, str], to: Lead, keeper: Lead, *, by: User, at: datetime) -> None:
    """Give a call that was handed on back to its locked lead, unless it has been made or taken off."""
    if not gone:
        return
    waiting = keeper.call_backs.filter(pk=gone["call"], settled_at=None)
    if waiting.update(lead=to, person=gone["person"]) and gone["instead_of"]:
        set_call_back_again(keeper, gone["instead_of"], by=by, at=at)


def after_safety_call(lead: Lead, by: User, attempt: ContactAttempt, at: datetime) -> None:
    """End a safety call that was made; in vain, try again a day later, three times in all.

    At the next time that is safe; not at all where no call is: that must not keep the try from being logged.
    """
    settle(lead, by, at, attempt=attempt)
    made = lead.call_backs.filter(kind=CallBackKind.SAFETY, made_at__gte=lead.closed_at).count()
    if attempt.two_way or made >= SAFETY_TRIES:
        return
    due_at = next_safe_time(attempt.person, at + SAFETY_AGAIN_AFTER, lead.site.time_zone)
    if not why_not_safe(lead, Reach(attempt.person, ContactMethod.CALL, due_at)):
        arrange(lead, by, WishedCall(attempt.person, due_at, CallBackKind.SAFETY), at)


def note_call_back(
    call_back: CallBack, kind: EventKind, at: datetime, *, by: User | None = None, note: str = ""
) -> None:
    lead = call_back.lead
    who = "caller" if call_back.person_id == lead.caller_id else "patient"
    data = {"call_back": call_back.kind, "due": call_back.due_at.isoformat(), "who": who}
    LeadEvent.objects.create(lead=lead, kind=kind, by=by, occurred_at=at, data=data, note=note)
    touch_queues()


def _check_time(due_at: datetime, at: datetime) -> None:
    if due_at <= at:
        raise CallBackNotPossible("Choose a time that is still to come.")
    if due_at > at + FURTHEST:
        raise CallBackNotPossible("A call can be set for the next 60 days.")


def _remind_at(call_back: CallBack) -> None:
    enqueue_job(
        kind="crm.tasks.remind_call_back",
        subject=call_back.pk,
        due_at=max(call_back.due_at - REMIND_BEFORE, call_back.made_at),
        dedupe_key=f"call-back:{call_back.pk}:{call_back.made_at.isoformat()}",
    )
