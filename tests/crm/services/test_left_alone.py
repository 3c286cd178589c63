"""Whoever asked to be left alone stays so: no call is planned, and no merge or parting forgets it."""

from datetime import timedelta
from typing import Any

import pytest

from crm.enums import CallBackKind, Disposition, EventKind, Level, TextKeyword
from crm.models import Lead, Person, Site, User
from crm.selectors.policies import policy_of
from crm.selectors.standing import moved_by
from crm.services.call_backs import WishedCall, set_call_back
from crm.services.caller_requests import Page, ask_for_sooner_call, note_got_worse, stop_contact
from crm.services.contact_rules import SafeWays, change_contact_rules
from crm.services.merging import merge_leads, unmerge_leads
from crm.services.phone_texts import note_text
from crm.services.safe_sending import refuse_unsafe_message
from crm.services.stages import Closing, close_lead
from crm.services.text_stops import honour_stop
from crm.telephony.news import TextNews
from jobs.clock import database_now
from notifications.enums import ChannelName
from notifications.guards import NotSafeToSend
from tests.factories import LeadFactory, PersonFactory
from tests.factories.phone import PhoneLineFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def own(lead: Lead) -> Page:
    return Page(enquiry=lead.reference, opened_lead=True)


def twin(person: Person, **changed: Any) -> Person:
    return PersonFactory(**({"name": person.name, "phone": person.phone, "email": person.email} | changed))


def is_stopped(person: Person) -> bool:
    return Person.objects.get(pk=person.pk).stopped_at is not None


def two_leads(site: Site, **of_duplicate: Any) -> tuple[Lead, Lead]:
    """Return a lead, and another one of the same human."""
    survivor = LeadFactory(site=site)
    return survivor, LeadFactory(site=site, caller=twin(survivor.caller, **of_duplicate))


@pytest.mark.parametrize("how", ["page", "text"])
def test_a_call_that_was_agreed_is_made_no_more(site: Site, coordinator: User, how: str) -> None:
    at, lead = database_now(), LeadFactory(site=site)
    set_call_back(lead=lead, by=coordinator, wish=WishedCall(lead.caller, at + HOUR), at=at)
    if how == "page":
        stop_contact(lead=lead, page=own(lead), at=at)
    else:
        honour_stop(number=lead.caller.phone_e164, at=at)
    call = lead.call_backs.get()
    assert (call.settled_at, call.settled_by) == (at, None)
    assert lead.events.get(kind=EventKind.CALL_BACK_CANCELLED).data["who"] == "caller"


def test_a_text_that_says_stop_ends_the_safety_call_of_a_closed_lead(site: Site, coordinator: User) -> None:
    at, lead = database_now(), LeadFactory(site=site)
    closing = Closing(Disposition.CHOSE_ANOTHER, safety_at=at + HOUR)
    close_lead(lead=lead, by=coordinator, closing=closing, at=at)
    assert lead.call_backs.get().kind == CallBackKind.SAFETY
    honour_stop(number=lead.caller.phone_e164, at=at)
    assert not lead.call_backs.filter(settled_at=None).exists()


def test_a_call_to_the_other_person_of_the_lead_stays(site: Site, coordinator: User) -> None:
    at = database_now()
    lead = LeadFactory(site=site, patient=PersonFactory())
    set_call_back(lead=lead, by=coordinator, wish=WishedCall(lead.patient, at + HOUR), at=at)
    stop_contact(lead=lead, page=own(lead), at=at)
    assert lead.call_backs.get().settled_at is None


def test_nothing_is_sent_about_a_merged_lead_after_they_asked_us_to_stop(
    site: Site, coordinator: User
) -> None:
    survivor, duplicate = two_leads(site)
    merge_leads(duplicate=duplicate, survivor=survivor, by=coordinator, at=database_now())
    refuse_unsafe_message(ChannelName.EMAIL, duplicate.caller.email, duplicate.pk)
    stop_contact(lead=duplicate, page=own(duplicate), at=database_now())
    with pytest.raises(NotSafeToSend):
        refuse_unsafe_message(ChannelName.EMAIL, duplicate.caller.email, duplicate.pk)


def test_a_text_from_the_number_of_a_merged_lead_stops_whom_it_went_into(
    site: Site, coordinator: User
) -> None:
    """They gave another number the second time; a person said that it is they."""
    at = database_now()
    survivor, duplicate = two_leads(site, phone="07700 900999", phone_e164="+447700900999")
    merge_leads(duplicate=duplicate, survivor=survivor, by=coordinator, at=at)
    honour_stop(number="+447700900999", at=at)
    assert (is_stopped(duplicate.caller), is_stopped(survivor.caller)) == (True, True)
    for lead in (survivor, duplicate):
        assert lead.events.filter(kind=EventKind.ASKED_TO_STOP).exists()


def test_start_after_stop_on_merged_leads_of_one_number_undoes_both(site: Site, coordinator: User) -> None:
    at = database_now()
    survivor, duplicate = two_leads(site)
    merge_leads(duplicate=duplicate, survivor=survivor, by=coordinator, at=at)
    line, number = PhoneLineFactory(site=site), survivor.caller.phone_e164
    for n, word in enumerate(TextKeyword):
        news = TextNews(word, number, word, word)
        note_text(line=line, news=news, at=at + n * HOUR)
        assert is_stopped(survivor.caller) is (word == TextKeyword.STOP)
    assert (is_stopped(duplicate.caller), is_stopped(survivor.caller)) == (False, False)


@pytest.mark.parametrize("again", [True, False])
def test_parted_again_who_asked_on_both_leads_stays_stopped_on_both(
    site: Site, coordinator: User, again: bool
) -> None:
    at = database_now()
    survivor, duplicate = two_leads(site)
    stop_contact(lead=duplicate, page=own(duplicate), at=at)
    merge_leads(duplicate=duplicate, survivor=survivor, by=coordinator, at=at)
    assert is_stopped(survivor.caller)
    if again:
        stop_contact(lead=survivor, page=own(survivor), at=at + HOUR)
    unmerge_leads(duplicate=duplicate, by=coordinator, at=at + 2 * HOUR)
    assert (is_stopped(duplicate.caller), is_stopped(survivor.caller)) == (True, again)


@pytest.mark.parametrize("said_again", [True, False])
def test_parted_again_a_way_that_was_called_unsafe_since_stays_unsafe(
    site: Site, coordinator: User, said_again: bool
) -> None:
    at = database_now()
    survivor, duplicate = two_leads(site, may_email=False)
    merge_leads(duplicate=duplicate, survivor=survivor, by=coordinator, at=at)
    if said_again:
        ways = SafeWays(may_call=True, may_voicemail=False, may_text=False, may_email=False)
        later = at + HOUR
        change_contact_rules(lead=survivor, by=coordinator, person=survivor.caller, ways=ways, at=later)
    unmerge_leads(duplicate=duplicate, by=coordinator, at=at + 2 * HOUR)
    assert Person.objects.get(pk=survivor.caller_id).may_email is not said_again


def test_parted_again_both_leads_stand_where_their_own_wishes_put_them(site: Site, coordinator: User) -> None:
    at = database_now()
    survivor, duplicate = LeadFactory(site=site), LeadFactory(site=site, level=Level.U1)
    note_got_worse(lead=duplicate, page=own(duplicate), at=at)
    ask_for_sooner_call(lead=survivor, page=own(survivor), at=at)
    merge_leads(duplicate=duplicate, survivor=survivor, by=coordinator, at=at)
    unmerge_leads(duplicate=duplicate, by=coordinator, at=at, reason="They are two people after all.")
    assert not moved_by(Lead.objects.filter(site=site), policy_of(site.pk).weights).exists()
