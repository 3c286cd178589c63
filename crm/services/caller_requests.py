"""What callers ask of us from their own page: each is on the timeline and in front of staff at once."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from crm.enums import ContactMethod, EventKind, RequestKind
from crm.models import CallerRequest, Lead, LeadEvent, Person, User
from crm.refusals import NoSuchRequest, ReasonTooShort
from crm.services.alerts import alert_staff
from crm.services.bringing_back import bring_back
from crm.services.call_backs import drop_calls_to
from crm.services.locking import locked
from crm.services.ordering import stand_anew
from crm.services.pulse import touch_queues
from notifications.enums import Audience, MessageKind
from notifications.services.outbox import cancel_unsent_messages

SOONER_AGAIN_AFTER = timedelta(hours=1)
WORSE_AGAIN_AFTER = timedelta(minutes=15)
CALLS = (RequestKind.SOONER, RequestKind.WORSE)  # a call is what they ask for
LEAST_REASON = 10  # characters
EVENTS = {
    RequestKind.WORSE: EventKind.GOT_WORSE,
    RequestKind.SOONER: EventKind.ASKED_SOONER,
    RequestKind.STOP: EventKind.ASKED_TO_STOP,
    RequestKind.ERASE: EventKind.ASKED_TO_ERASE,
}


@dataclass(frozen=True, slots=True)
class Page:
    """The caller's page that a request came from: the reference of its enquiry.

    `opened_lead`: it is the enquiry that opened the lead, or adds to it. Another one came later, from the
    same number or address, and may be somebody else's.
    """

    enquiry: str
    opened_lead: bool


@transaction.atomic
def ask_for_sooner_call(*, lead: Lead, page: Page, at: datetime) -> bool:
    """Alert staff that the caller wants to be called sooner; return False within an hour of the last time.

    A lead that is over alerts nobody.
    """
    lead = locked(lead)
    if not lead.is_open:
        return False
    since = at - SOONER_AGAIN_AFTER
    if lead.events.filter(
        kind=EventKind.ASKED_SOONER, occurred_at__gt=since, data__again__isnull=True
    ).exists():
        _note_again(lead, RequestKind.SOONER, page, at, since=since)
        return False
    request = _ask(lead, RequestKind.SOONER, page, at)
    _alert(request, MessageKind.CALLER_WANTS_SOONER, at)
    return True


def note_got_worse(*, lead: Lead, page: Page, at: datetime) -> None:
    """Write down that it has got worse and alert staff, whatever the rules make of it.

    It is written down each time; staff are alerted anew after a quarter of an hour. The lead is locked.
    """
    recent = lead.events.filter(kind=EventKind.GOT_WORSE, occurred_at__gt=at - WORSE_AGAIN_AFTER)
    was_told = recent.exists()
    request = _ask(lead, RequestKind.WORSE, page, at)
    if not was_told:
        _alert(request, MessageKind.CALLER_IS_WORSE, at)


@transaction.atomic
def stop_contact(*, lead: Lead, page: Page, at: datetime) -> None:
    """Contact the caller in no way from now on, and cancel what was planned, or on its way to them."""
    lead = locked(lead)
    caller = Person.objects.select_for_update().get(pk=lead.caller_id)
    if caller.stopped_at is None:
        caller.stopped_at = at
        caller.save(update_fields=["stopped_at"])
        drop_calls_to(caller, at)
        for kind in CALLS:
            _settle(lead, kind, None, "", at)
        request = _ask(lead, RequestKind.STOP, page, at)
        _alert(request, MessageKind.CALLER_REQUEST, at)
    else:
        _note_again(lead, RequestKind.STOP, page, at, since=caller.stopped_at)
    cancel_unsent_messages(about=lead.pk, audience=Audience.CALLER)


@transaction.atomic
def resume_contact(*, lead: Lead, at: datetime, by: User | None = None, reason: str = "") -> None:
    """Let the caller be contacted again in the ways that were safe: they ask for it, or told a colleague.

    Raises ReasonTooShort when a member of staff does it without saying how they know.
    """
    if by and len(reason.strip()) < LEAST_REASON:
        raise ReasonTooShort(LEAST_REASON)
    lead = locked(lead)
    if Person.objects.filter(pk=lead.caller_id, stopped_at__isnull=False).update(stopped_at=None):
        _settle(lead, RequestKind.STOP, by, reason, at)
        _note(lead, EventKind.MAY_CONTACT_AGAIN, at, by=by, note=reason.strip())
        touch_queues()


@transaction.atomic
def ask_for_erasure(*, lead: Lead, page: Page, at: datetime) -> CallerRequest:
    """Ask staff to erase what we hold, due within a month (UK GDPR article 12); once while it is open."""
    lead = locked(lead)
    if known := open_request(lead, RequestKind.ERASE):
        _note_again(lead, RequestKind.ERASE, page, at, since=known.asked_at)
        return known
    today = at.astimezone(ZoneInfo(lead.site.time_zone)).date()
    request = _ask(lead, RequestKind.ERASE, page, at, due=a_month_after(today))
    _alert(request, MessageKind.CALLER_REQUEST, at)
    return request


@transaction.atomic
def close_pages(*, lead: Lead, at: datetime, by: User | None = None) -> None:
    """Close every page that the lead's callers have by now; a later enquiry gets a page of its own."""
    lead = locked(lead)
    lead.pages_closed_at = at
    lead.save(update_fields=["pages_closed_at"])
    _note(lead, EventKind.PAGE_CLOSED, at, by=by)


@transaction.atomic
def settle_request(*, lead: Lead, kind: RequestKind, by: User, outcome: str, at: datetime) -> None:
    """Write down what came of a request. Raises NoSuchRequest, ReasonTooShort."""
    if len(outcome.strip()) < LEAST_REASON:
        raise ReasonTooShort(LEAST_REASON)
    lead = locked(lead)
    if not _settle(lead, kind, by, outcome, at):
        raise NoSuchRequest
    _note(lead, EventKind.REQUEST_SETTLED, at, by=by, note=outcome.strip(), data={"request": kind})
    touch_queues()


def settle_calls(*, lead: Lead, by: User, at: datetime) -> None:
    """Take what asks for a call off a lead that somebody has just tried to reach."""
    for kind in CALLS:
        _settle(lead, kind, by, "", at)


def open_request(lead: Lead, kind: RequestKind) -> CallerRequest | None:
    return lead.requests.filter(kind=kind, settled_at=None).first()


def a_month_after(day: date) -> date:
    """Return the same day of the next month, or its last day where it is shorter (as the ICO counts)."""
    year, month = (day.year + day.month // 12, day.month % 12 + 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def ways_of(person: Person) -> list[str]:
    """Return the ways of contact that are safe, as codes for the timeline."""
    return [
        method.value for method in ContactMethod if method != ContactMethod.VISIT and person.allows(method)
    ]


def _ask(
    lead: Lead, kind: RequestKind, page: Page, at: datetime, *, due: date | None = None
) -> CallerRequest:
    request = open_request(lead, kind) or CallerRequest(lead=lead, kind=kind)
    request.enquiry, request.is_verified = page.enquiry, page.opened_lead
    request.asked_at, request.due_date = at, due
    request.save()
    if kind in CALLS:
        bring_back(lead, at)
        stand_anew(lead)
    _note(lead, EVENTS[kind], at, data=_asked_from(page, due))
    touch_queues()
    return request


def _note_again(lead: Lead, kind: RequestKind, page: Page, at: datetime, *, since: datetime) -> None:
    """Write down that this page, too, asks for what was asked already: it tells its caller that we know."""
    mine = lead.events.filter(kind=EVENTS[kind], data__enquiry=page.enquiry, occurred_at__gte=since)
    if not mine.exists():
        known = open_request(lead, kind)
        data = _asked_from(page, known.due_date if known else None)
        _note(lead, EVENTS[kind], at, data=data | {"again": True})


def _asked_from(page: Page, due: date | None) -> dict[str, Any]:
    data = {"enquiry": page.enquiry, "verified": page.opened_lead}
    return data | ({"due": due.isoformat()} if due else {})


def _alert(request: CallerRequest, kind: MessageKind, at: datetime) -> None:
    alert_staff(lead=request.lead, key=f"{request.pk}:{at.isoformat()}", at=at, kind=kind)


def _settle(lead: Lead, kind: RequestKind, by: User | None, outcome: str, at: datetime) -> bool:
    request = open_request(lead, kind)
    if request is None:
        return False
    request.settled_at, request.settled_by, request.outcome = at, by, outcome.strip()
    request.save()
    if kind in CALLS:
        stand_anew(lead)
    return True


def _note(lead: Lead, kind: EventKind, at: datetime, **more: Any) -> None:
    """Put it on the timeline; `by`, `note` and `data` where there is more to say."""
    LeadEvent.objects.create(lead=lead, kind=kind, occurred_at=at, **more)
