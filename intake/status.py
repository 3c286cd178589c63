"""What a caller's own page says: where their enquiry stands, and what they can ask of us.

A page of an enquiry that joined somebody's lead later says nothing of what happened before it: the same
number does not prove that it is the same person.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from crm.enums import ContactMethod, EventKind
from crm.models import Lead, LeadEvent
from crm.opening import OpeningHours
from crm.services.caller_requests import SOONER_AGAIN_AFTER, Page
from intake.contact import Contact
from intake.models import Enquiry
from intake.promise import Promise, moment_in_words, promise_of
from intake.services.answering import Answer

METHODS = [method for method in ContactMethod if method != ContactMethod.VISIT]
ONLY = {
    ContactMethod.CALL: _("we call you"),
    ContactMethod.VOICEMAIL: _("we leave a voicemail"),
    ContactMethod.TEXT: _("we send you a text"),
    ContactMethod.EMAIL: _("we e-mail you"),
    ContactMethod.POST: _("we send you a letter"),
}


class State(StrEnum):
    WAITING = "waiting"  # to hear from us by the promised time
    IN_TOUCH = "in_touch"  # we have spoken
    STOPPED = "stopped"  # we were asked to stop
    OVER = "over"  # the enquiry is closed
    NO_SAFE_WAY = "no_safe_way"  # they called no quick way safe
    UNSAID = "unsaid"  # nothing can be promised without saying what is not this page's to say


@dataclass(frozen=True, slots=True)
class Asked:
    """Something that was asked from this page. `due` is the last day for an answer, in words."""

    kind: EventKind
    when: str
    due: str


@dataclass(frozen=True, slots=True)
class Status:
    state: State
    promise: Promise
    ways: str
    has_stated_ways: bool
    asked: list[Asked]
    is_own: bool
    is_on_lead: bool
    may_ask_sooner: bool
    may_have_copy: bool


def page_of(enquiry: Enquiry, lead: Lead) -> Page:
    """Return what tells the requests of this page from those of any other."""
    first = enquiry.adds_to or enquiry
    return Page(enquiry=first.reference, opened_lead=first.reference == lead.reference)


def status_of(enquiry: Enquiry, answer: Answer, hours: OpeningHours, at: datetime) -> Status:
    """Return where the enquiry stands. One that is on no lead yet can only be waited for."""
    lead = enquiry.lead
    page = page_of(enquiry, lead) if lead else None
    ways = _safe_ways(enquiry, lead, page)
    state = _state(lead, page, ways)
    events = _still_true(list(_asked_events(lead, page)) if lead and page else [], state)
    return Status(
        state=state,
        promise=promise_of(promise=answer.promise, ways=ways, hours=hours, at=at),
        ways=_listed([str(ONLY[way]) for way in METHODS if way in ways]),
        has_stated_ways=_has_stated(enquiry, events),
        asked=_asked(events, hours, at),
        is_own=bool(page and page.opened_lead),
        is_on_lead=lead is not None,
        may_ask_sooner=_may_ask_sooner(state, lead, events, at),
        may_have_copy=state != State.STOPPED and ContactMethod.EMAIL in ways and lead is not None,
    )


def _safe_ways(enquiry: Enquiry, lead: Lead | None, page: Page | None) -> frozenset[ContactMethod]:
    """Return the ways that will be used: those of the person now, whatever this enquiry said."""
    if lead is None or page is None:
        return ways_said(enquiry)
    known = frozenset(method for method in METHODS if lead.caller.allows(method))
    return known if page.opened_lead else known & _said(enquiry)


def ways_said(enquiry: Enquiry) -> frozenset[ContactMethod]:
    """Return the ways that an enquiry called safe and gave a number or an address for."""
    return _said(enquiry) & _reachable(enquiry)


def _said(enquiry: Enquiry) -> frozenset[ContactMethod]:
    return frozenset(ContactMethod[way.upper()] for way in Contact.model_validate(enquiry.contact).safe_ways)


def _reachable(enquiry: Enquiry) -> frozenset[ContactMethod]:
    contact = Contact.model_validate(enquiry.contact)
    by_phone = (
        {ContactMethod.CALL, ContactMethod.VOICEMAIL, ContactMethod.TEXT} if contact.has_phone else set()
    )
    return frozenset(by_phone | ({ContactMethod.EMAIL} if contact.has_email else set()))


def _state(lead: Lead | None, page: Page | None, ways: frozenset[ContactMethod]) -> State:
    reached = ways - {ContactMethod.POST}
    if lead is None or page is None:
        return State.WAITING if reached else State.NO_SAFE_WAY
    if not page.opened_lead:
        waits = reached and lead.is_open and lead.first_contact_at is None and not lead.caller.stopped_at
        return State.WAITING if waits else State.UNSAID
    if lead.caller.stopped_at:
        return State.STOPPED
    if not lead.is_open:
        return State.OVER
    if lead.first_contact_at and not lead.awaits_contact:
        return State.IN_TOUCH
    return State.WAITING if reached else State.NO_SAFE_WAY


def _asked_events(lead: Lead, page: Page) -> Iterable[LeadEvent]:
    """Return the latest event of each kind that was asked from this page, oldest first.

    The page that opened the lead shows that it was stopped by its state; another one shows only its own wish.
    """
    kinds = (
        *(() if page.opened_lead else (EventKind.ASKED_TO_STOP,)),
        EventKind.GOT_WORSE,
        EventKind.ASKED_SOONER,
        EventKind.WAYS_CHANGED,
        EventKind.COPY_ASKED,
        EventKind.ASKED_TO_ERASE,
    )
    events = lead.events.filter(kind__in=kinds, data__enquiry=page.enquiry).order_by("occurred_at", "id")
    return {event.kind: event for event in events}.values()


def _still_true(events: list[LeadEvent], state: State) -> list[LeadEvent]:
    """Leave out what was asked about calls and messages before they were stopped, or the enquiry was over."""
    if state in {State.STOPPED, State.OVER}:
        return [event for event in events if event.kind == EventKind.ASKED_TO_ERASE]
    kinds = [event.kind for event in events]
    stop = kinds.index(EventKind.ASKED_TO_STOP) if EventKind.ASKED_TO_STOP in kinds else 0
    return [event for event in events[:stop] if event.kind == EventKind.ASKED_TO_ERASE] + events[stop:]


def _asked(events: Iterable[LeadEvent], hours: OpeningHours, at: datetime) -> list[Asked]:
    zone = ZoneInfo(hours.time_zone)
    now = at.astimezone(zone)
    return [
        Asked(EventKind(event.kind), moment_in_words(event.occurred_at.astimezone(zone), now), _due(event))
        for event in events
    ]


def _due(event: LeadEvent) -> str:
    due = event.data.get("due")
    return (
        date_format(date.fromisoformat(due), pgettext("date format", "j F Y"), use_l10n=False) if due else ""
    )


def _may_ask_sooner(state: State, lead: Lead | None, events: list[LeadEvent], at: datetime) -> bool:
    if lead is None or not lead.is_open or state not in {State.WAITING, State.IN_TOUCH, State.UNSAID}:
        return False
    since = at - SOONER_AGAIN_AFTER
    return not any(each.kind == EventKind.ASKED_SOONER and each.occurred_at > since for each in events)


def _has_stated(enquiry: Enquiry, events: list[LeadEvent]) -> bool:
    changed = any(event.kind == EventKind.WAYS_CHANGED for event in events)
    return changed or bool(Contact.model_validate(enquiry.contact).stated_ways)


def _listed(words: list[str]) -> str:
    """Return "we call you", "we call you, or we e-mail you" and so on."""
    if len(words) < 2:
        return "".join(words)
    return gettext("%(ways)s, or %(last)s") % {"ways": ", ".join(words[:-1]), "last": words[-1]}
