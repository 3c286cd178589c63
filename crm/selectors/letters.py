"""What a letter to somebody of a lead has to say, read from the lead as it is now."""

from dataclasses import dataclass
from datetime import datetime

from crm.consent import has_not_agreed
from crm.enums import CallBackKind, EventKind
from crm.letters import SAY_WHEN, language_for, voice_for
from crm.models import CallBack, Lead, LeadEvent, Person
from crm.selectors.call_backs import open_call_back
from crm.selectors.opening import opening_hours
from notifications.enums import Language, MessageKind, MessageState, Voice
from notifications.selectors import messages_about
from notifications.times import moment_in_words

Context = dict[str, str]


def context_of(lead: Lead, kind: MessageKind, person: Person, at: datetime) -> Context | None:
    """Return what fills the words; None for what is not so: a call that nobody agreed with them, a promise
    that is over, and thanks to somebody who has never been in touch.
    """
    asks = person.pk == lead.caller_id
    voice = voice_for(lead.caller_role) if asks else Voice.SELF
    language = language_of(lead) if asks else Language.ENGLISH
    context: Context = {"reference": lead.reference, "phone": lead.site.phone, "voice": voice.value}
    context["language"] = language.value
    if kind == MessageKind.CALLER_OPEN_DOOR:
        return context if asks or lead.attempts.filter(person=person, two_way=True).exists() else None
    if kind == MessageKind.CALLER_TRIED:
        return context
    says = _promise(lead, person, at) if kind == MessageKind.CALLER_PROMISE else _call(lead, kind, person, at)
    times = {
        key: moment_in_words(moment, time_zone=lead.site.time_zone, language=language)
        for key, moment in says.items()
    }
    return context | times if says else None


def language_of(lead: Lead) -> Language:
    """Return the language of the form by which the caller came."""
    received = LeadEvent.objects.filter(lead=lead, kind=EventKind.ENQUIRY_RECEIVED).order_by("occurred_at")
    event = received.first()
    return language_for((event.data.get("came_from") or {}) if event else {})


def when_to_call(lead: Lead, person: Person, at: datetime) -> datetime | None:
    """Return the time that a letter to somebody would name: of the agreed call, or of the first one."""
    call_back = _agreed(lead, person)
    if call_back:
        return call_back.due_at
    waits = lead.first_contact_at is None and person.pk == lead.caller_id
    return lead.clock_ends_at if waits and lead.clock_ends_at > at else None


@dataclass(frozen=True, slots=True)
class TimeLetter:
    """The letter that says when we call somebody: `kind` is that of a new time if they were told another.

    `is_told`: one that names this time went out to somebody of the lead, or is about to.
    """

    kind: MessageKind
    person: Person
    is_told: bool

    @property
    def is_new_time(self) -> bool:
        return self.kind == MessageKind.CALLER_NEW_TIME


def letter_of_time(lead: Lead, call_back: CallBack | None, at: datetime) -> TimeLetter | None:
    """Return the letter that ought to be offered beside the time of the next call; None if nobody needs one.

    Nobody is told of a try that was only planned here, and nobody who has not agreed to be contacted.
    """
    agreed = call_back if call_back and call_back.kind == CallBackKind.AGREED else None
    if not lead.is_open or not (agreed or lead.clock_stopped_for):
        return None
    person = agreed.person if agreed else lead.caller
    kind = _kind_of(lead, person, at)
    if kind is None or has_not_agreed(lead, person):
        return None
    return TimeLetter(kind, person, is_told=agreed is not None and _told_since(lead, agreed.made_at))


def _told_since(lead: Lead, since: datetime) -> bool:
    named = messages_about(lead.pk).filter(kind__in=SAY_WHEN, created_at__gte=since)
    return named.exclude(state=MessageState.CANCELLED).exists()


def _kind_of(lead: Lead, person: Person, at: datetime) -> MessageKind | None:
    """Return which letter says when we call somebody, None if there is no such time."""
    call_back, moment = _agreed(lead, person), when_to_call(lead, person, at)
    has_moved = _was_moved(call_back) if call_back else bool(moment and lead.clock_stopped_for)
    if moment is None or not (call_back or has_moved):
        return None
    return MessageKind.CALLER_NEW_TIME if has_moved else MessageKind.CALLER_CALL_BACK


def _call(lead: Lead, kind: MessageKind, person: Person, at: datetime) -> dict[str, datetime]:
    """Return when we call somebody: as it was agreed at first, or as it is after a change."""
    moment = when_to_call(lead, person, at)
    return {"call_at": moment} if moment and _kind_of(lead, person, at) == kind else {}


def _promise(lead: Lead, person: Person, at: datetime) -> dict[str, datetime]:
    """Return by when the first call is promised, and until when nobody is there if that may be missed."""
    if lead.clock_stopped_for or _agreed(lead, person):
        return {}
    due = when_to_call(lead, person, at)
    if due is None:
        return {}
    hours = opening_hours(lead.site)
    comes = None if hours.is_staffed(due) else hours.next_opening(due)
    return {"call_by": due} | ({"nobody_until": comes} if comes else {})


def _agreed(lead: Lead, person: Person) -> CallBack | None:
    call_back = open_call_back(lead)
    agreed = call_back and call_back.kind == CallBackKind.AGREED and call_back.person_id == person.pk
    return call_back if agreed else None


def _was_moved(call_back: CallBack) -> bool:
    """Return whether another time was agreed with them before, at which nobody called."""
    before = CallBack.objects.filter(lead=call_back.lead_id, person=call_back.person_id, attempt=None)
    before = before.filter(kind=CallBackKind.AGREED, settled_at=call_back.made_at)
    return before.exclude(due_at=call_back.due_at).exists()
