"""STOP by text is honoured at once in every way of contact; START undoes what STOP did, and only that."""

from datetime import datetime
from uuid import UUID

from crm.enums import EventKind, RequestKind, TextKeyword
from crm.models import Lead, LeadEvent, Person, PhoneText
from crm.selectors.open_leads import goes_on_as
from crm.services.addressees import leads_of, lock_people_found_by
from crm.services.call_backs import drop_calls_to
from crm.services.caller_requests import Page, open_request, resume_contact, stop_contact
from crm.services.pulse import touch_queues
from crm.telephony.numbers import number_search
from notifications.enums import Audience, ChannelName
from notifications.services.outbox import cancel_unsent_messages

BY_TEXT = Page(enquiry="text", opened_lead=True)  # no page's: one that asks for the same later is noted


def honour_stop(*, number: str, at: datetime) -> list[UUID]:
    """Contact nobody with this number any more, at any site; return whom this stopped.

    Whoever had asked us to stop before stays stopped by that, and is not among them.
    """
    stopped = [person for person in _people_with(number) if person.stopped_at is None]
    for person in stopped:
        for lead in leads_of(person):
            _stop(lead, person, at)
        drop_calls_to(person, at)
        Person.objects.filter(pk=person.pk).update(stopped_at=at)
    return [person.pk for person in stopped]


def honour_providers_stop(channel: ChannelName, to: str, at: datetime) -> None:
    """Obey a STOP of which only the provider knows: it refused a text of ours because of it."""
    if channel == ChannelName.SMS:
        honour_stop(number=to, at=at)


def honour_start(*, number: str, at: datetime) -> bool:
    """Let those be contacted again whom a STOP from this number stopped; return whether there were any.

    Not whoever has asked us to stop in another way, too: before that STOP or since.
    """
    resumed = [person for person in _people_with(number) if _is_stopped_by_text_alone(person, number)]
    for person in resumed:
        for lead in leads_of(person):
            _resume(lead, at)
        Person.objects.filter(pk=person.pk).update(stopped_at=None)
    return bool(resumed)


def _people_with(number: str) -> list[Person]:
    return lock_people_found_by(number_search(number)) if number else []


def _stop(lead: Lead, person: Person, at: datetime) -> None:
    """Staff are told by the lead of theirs that is open, or what it went into; every timeline has it."""
    is_caller = lead.caller_id == person.pk
    if is_caller and goes_on_as(lead).is_open:
        stop_contact(lead=lead, page=BY_TEXT, at=at)
    if not (is_caller and lead.is_open):
        LeadEvent.objects.create(lead=lead, kind=EventKind.ASKED_TO_STOP, occurred_at=at)
        cancel_unsent_messages(about=lead.pk, audience=Audience.CALLER)
        touch_queues()


def _resume(lead: Lead, at: datetime) -> None:
    if open_request(lead, RequestKind.STOP):
        resume_contact(lead=lead, at=at)
    else:
        LeadEvent.objects.create(lead=lead, kind=EventKind.MAY_CONTACT_AGAIN, occurred_at=at)
        touch_queues()


def _is_stopped_by_text_alone(person: Person, number: str) -> bool:
    if person.stopped_at is None:
        return False
    stops = PhoneText.objects.filter(
        keyword=TextKeyword.STOP,
        stopped__contains=[person.pk],
        received_at=person.stopped_at,
        search_tokens__overlap=number_search(number),
    )
    since = LeadEvent.objects.filter(
        lead__in=leads_of(person), kind=EventKind.ASKED_TO_STOP, occurred_at__gt=person.stopped_at
    )
    return stops.exists() and not since.exists()
