"""Texts: on the timeline of their lead, STOP at once in every way, START only for what STOP did."""

from datetime import timedelta

import pytest

from crm.enums import ContactMethod, ContactOutcome, EventKind, RequestKind, TextKeyword
from crm.models import CallerRequest, Lead, LeadEvent, Person, PhoneLine, PhoneText, Site, User
from crm.refusals import ContactNotSafe
from crm.selectors.phone import open_texts
from crm.services.caller_requests import Page, resume_contact, stop_contact
from crm.services.contact import Try, log_attempt
from crm.services.phone_texts import TextIsSettled, note_text, settle_text
from crm.services.safe_sending import refuse_unsafe_message
from crm.telephony.news import TextNews, keyword_of
from jobs.clock import database_now
from notifications.enums import ChannelName, MessageKind
from notifications.guards import NotSafeToSend, tell_of_stop
from notifications.models import Message
from tests.factories import LeadFactory, PersonFactory
from tests.factories.phone import NUMBER, PhoneLineFactory
from vault.tokens import phone_tokens

MINUTE = timedelta(minutes=1)
WAYS = {"may_call": True, "may_text": True, "may_email": True, "email": "ada@example.org"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def line(site: Site) -> PhoneLine:
    return PhoneLineFactory(site=site)


@pytest.fixture
def lead(site: Site) -> Lead:
    return LeadFactory(site=site, caller=ada())


def ada() -> Person:
    return PersonFactory(phone=NUMBER, phone_e164=NUMBER, search_tokens=phone_tokens(NUMBER), **WAYS)


def send(line: PhoneLine, words: str, *, id: str = "", minutes: int = 0) -> PhoneText:  # noqa: A002  the provider's
    news = TextNews(id or f"{words}-{minutes}", NUMBER, words, keyword_of(words))
    return note_text(line=line, news=news, at=database_now() + minutes * MINUTE)


def is_stopped(lead: Lead) -> bool:
    return Person.objects.get(pk=lead.caller_id).stopped_at is not None


def test_a_text_joins_its_lead_once_and_waits_to_be_read(line: PhoneLine, lead: Lead) -> None:
    text = send(line, "Can I come tomorrow?", id="SM1")
    assert send(line, "Can I come tomorrow?", id="SM1") == text
    event = LeadEvent.objects.get(lead=lead, kind=EventKind.TEXT_RECEIVED)
    assert event.note == "Can I come tomorrow?"
    assert "tomorrow" not in str(event.data)
    assert list(open_texts([line.site_id])) == [text]


def test_a_text_of_an_unknown_number_is_work_without_a_lead(line: PhoneLine) -> None:
    assert send(line, "Hello").lead is None
    assert open_texts([line.site_id]).count() == 1


def test_whoever_has_read_it_takes_it_off_the_list_once(line: PhoneLine, coordinator: User) -> None:
    text = send(line, "Hello")
    settle_text(text=text, by=coordinator, at=database_now())
    assert not open_texts([line.site_id]).exists()
    with pytest.raises(TextIsSettled):
        settle_text(text=text, by=coordinator, at=database_now())


def test_stop_is_honoured_at_once_in_every_way(line: PhoneLine, lead: Lead, coordinator: User) -> None:
    Message.objects.create(
        kind=MessageKind.ENQUIRY_ACKNOWLEDGEMENT,
        channel="email",
        to=WAYS["email"],
        context={},
        dedupe_key="a",
        about=lead.pk,
        created_at=database_now(),
    )
    refuse_unsafe_message(ChannelName.EMAIL, str(WAYS["email"]), lead.pk)
    text = send(line, "Stop.")
    assert is_stopped(lead)
    assert (text.keyword, text.settled_at is not None) == (TextKeyword.STOP, True)
    assert CallerRequest.objects.get(lead=lead, settled_at=None).kind == RequestKind.STOP
    with pytest.raises(NotSafeToSend):
        refuse_unsafe_message(ChannelName.EMAIL, str(WAYS["email"]), lead.pk)
    for method in (ContactMethod.CALL, ContactMethod.TEXT, ContactMethod.EMAIL, ContactMethod.VISIT):
        attempt = Try(lead.caller, method, ContactOutcome.NO_ANSWER, two_way=False)
        with pytest.raises(ContactNotSafe):
            log_attempt(lead=lead, by=coordinator, attempt=attempt, at=database_now())
    assert not Message.objects.filter(about=lead.pk, kind=MessageKind.ENQUIRY_ACKNOWLEDGEMENT).exclude(
        state="CANCELLED"
    )


def test_a_stop_of_which_only_the_provider_knows_is_honoured_too(lead: Lead) -> None:
    tell_of_stop(ChannelName.EMAIL, to=NUMBER, at=database_now())
    assert not is_stopped(lead)
    tell_of_stop(ChannelName.SMS, to=NUMBER, at=database_now())
    assert is_stopped(lead)


def test_stop_reaches_every_person_of_that_number_wherever_they_are(line: PhoneLine, lead: Lead) -> None:
    closed = LeadFactory(site=line.site, closed=True, caller=ada())
    elsewhere = LeadFactory(caller=ada())
    discussed = LeadFactory(site=line.site, patient=ada())
    other = LeadFactory(site=line.site, caller__search_tokens=phone_tokens("+447700900456"))
    send(line, "STOP")
    assert [is_stopped(each) for each in (lead, closed, elsewhere, other)] == [True, True, True, False]
    discussed.patient.refresh_from_db()
    assert discussed.patient.stopped_at is not None
    assert not is_stopped(discussed)
    for each in (lead, closed, elsewhere, discussed):
        assert each.events.filter(kind=EventKind.ASKED_TO_STOP).count() == 1
    assert not other.events.filter(kind=EventKind.ASKED_TO_STOP).exists()


def test_a_person_of_several_leads_is_stopped_on_all(line: PhoneLine, lead: Lead) -> None:
    second = LeadFactory(site=line.site, caller=lead.caller)
    send(line, "STOP")
    assert all(each.events.filter(kind=EventKind.ASKED_TO_STOP).exists() for each in (lead, second))
    send(line, "START", minutes=1)
    assert not is_stopped(lead)
    assert not CallerRequest.objects.filter(settled_at=None).exists()


def test_stop_of_an_unknown_number_is_left_for_a_person(line: PhoneLine) -> None:
    assert send(line, "STOP").settled_at is None


def test_start_undoes_what_stop_did(line: PhoneLine, lead: Lead) -> None:
    send(line, "STOP")
    text = send(line, "START", minutes=1)
    assert not is_stopped(lead)
    assert text.settled_at is not None
    assert not CallerRequest.objects.filter(settled_at=None).exists()
    assert lead.events.filter(kind=EventKind.MAY_CONTACT_AGAIN).count() == 1
    send(line, "STOP", minutes=2)
    assert is_stopped(lead)


def test_start_does_not_undo_what_was_asked_on_the_own_page(line: PhoneLine, lead: Lead) -> None:
    own = Page(enquiry=lead.reference, opened_lead=True)
    stop_contact(lead=lead, page=own, at=database_now())
    send(line, "STOP", minutes=1)
    text = send(line, "START", minutes=2)
    assert is_stopped(lead)
    assert text.settled_at is None


def test_start_does_not_undo_a_wish_that_came_after_stop(line: PhoneLine, lead: Lead) -> None:
    send(line, "STOP")
    own = Page(enquiry=lead.reference, opened_lead=True)
    stop_contact(lead=lead, page=own, at=database_now() + MINUTE)
    send(line, "START", minutes=2)
    assert is_stopped(lead)


def test_start_does_not_undo_another_stop(line: PhoneLine, lead: Lead, coordinator: User) -> None:
    send(line, "STOP")
    resume_contact(lead=lead, at=database_now(), by=coordinator, reason="She rang and asked us to write.")
    own = Page(enquiry=lead.reference, opened_lead=True)
    stop_contact(lead=lead, page=own, at=database_now() + MINUTE)
    send(line, "START", minutes=2)
    assert is_stopped(lead)


def test_start_alone_changes_nothing(line: PhoneLine, lead: Lead) -> None:
    text = send(line, "START")
    assert (is_stopped(lead), text.settled_at) == (False, None)
    assert not lead.events.filter(kind=EventKind.MAY_CONTACT_AGAIN).exists()
