"""STOP by text is honoured at once in every way of contact; START undoes what STOP did, and only that."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from crm.enums import EventKind, RequestKind, TextKeyword
from crm.models import Lead, LeadEvent, Person, PhoneText
from crm.services.caller_requests import Page, open_request, resume_contact, stop_contact
from crm.services.pulse import touch_queues
from crm.telephony.numbers import number_search
from notifications.enums import Audience
from notifications.services.outbox import cancel_unsent_messages

BY_TEXT = Page(enquiry="text", opened_lead=True)  # no page's: one that asks for the same later is noted


def honour_stop(*, number: str, at: datetime) -> list[UUID]:
    """Contact nobody with this number any more, at any site; return whom this stopped.

    Whoever had asked us to stop before stays stopped by that, and is not among them.
    """
    stopped = list(_people_with(number).filter(stopped_at=None))
    for person in stopped:
        for lead in _leads_of(person):
            _stop(lead, person, at)
        Person.objects.filter(pk=person.pk).update(stopped_at=at)
    return [person.pk for person in stopped]


def honour_start(*, number: str, at: datetime) -> bool:
    """Let those be contacted again whom a STOP from this number stopped; return whether there were any.

    Not whoever has asked us to stop in another way, too: before that STOP or since.
    """
    resumed = [person for person in _people_with(number) if _is_stopped_by_text_alone(person, number)]
    for person in resumed:
        for lead in _leads_of(person):
            _resume(lead, at)
        Person.objects.filter(pk=person.pk).update(stopped_at=None)
    return bool(resumed)


def _people_with(number: str) -> QuerySet[Person]:
    people = Person.objects.filter(search_tokens__overlap=number_search(number)) if number else None
    return people.select_for_update() if people is not None else Person.objects.none()


def _leads_of(person: Person) -> QuerySet[Lead]:
    return Lead.objects.filter(Q(caller=person) | Q(patient=person)).order_by("pk")


def _stop(lead: Lead, person: Person, at: datetime) -> None:
    """Staff are told by the lead of theirs that is open; the timeline of every lead has it."""
    if lead.is_open and lead.caller_id == person.pk:
        stop_contact(lead=lead, page=BY_TEXT, at=at)
    else:
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
        lead__in=_leads_of(person), kind=EventKind.ASKED_TO_STOP, occurred_at__gt=person.stopped_at
    )
    return stops.exists() and not since.exists()
