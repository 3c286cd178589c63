"""Callers change how they are reached; from a later page nothing gets safer than it was."""

from typing import Any

import pytest

from crm.calling import CallPromise
from crm.enums import EventKind
from crm.models import Lead, Person, Site
from crm.services.acknowledgement import acknowledge_enquiry
from crm.services.caller_requests import Page
from crm.services.own_ways import change_own_ways
from crm.services.people import PersonDetails
from jobs.clock import database_now
from notifications.enums import MessageState
from notifications.models import Message
from tests.factories import LeadFactory, PersonFactory
from vault.tokens import phone_search

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(site: Site) -> Lead:
    known = {"phone": "07700 900123", "phone_e164": "+447700900123", "email": "ada@example.org"}
    return LeadFactory(site=site, caller=PersonFactory(**known, may_call=True, may_email=True))


def changed(lead: Lead, *, opened_lead: bool = True, **said: Any) -> Person:
    page = Page(enquiry=lead.reference, opened_lead=opened_lead)
    change_own_ways(lead=lead, page=page, details=PersonDetails(**said), at=database_now())
    return Person.objects.get(pk=lead.caller_id)


def test_a_new_number_is_used_found_and_the_old_one_kept_on_the_timeline(lead: Lead) -> None:
    caller = changed(lead, phone="07700 900999", phone_e164="+447700900999", may_call=True)
    assert (caller.phone, caller.may_call, caller.may_email) == ("07700 900999", True, False)
    assert Person.objects.filter(search_tokens__overlap=phone_search("+447700900999")).exists()
    event = lead.events.get(kind=EventKind.WAYS_CHANGED)
    assert event.note == "Before: 07700 900123"
    assert event.data["safe"] == ["CALL"]


def test_what_is_left_blank_stays(lead: Lead) -> None:
    caller = changed(lead, may_text=True, safe_times="after nine")
    assert (caller.phone, caller.email) == ("07700 900123", "ada@example.org")
    assert (caller.may_call, caller.may_text, caller.safe_times) == (False, True, "after nine")


def test_a_way_without_an_address_is_not_safe(lead: Lead) -> None:
    assert not changed(lead, may_call=True, may_post=True).may_post


def test_what_was_on_its_way_to_an_address_no_longer_safe_is_cancelled(lead: Lead) -> None:
    at = database_now()
    acknowledge_enquiry(lead=lead, key="one", promise=CallPromise(at), at=at)
    changed(lead, email="new@example.org", may_email=True)
    assert Message.objects.get().state == MessageState.CANCELLED


def test_from_a_later_page_a_way_can_be_taken_back_but_none_added(lead: Lead) -> None:
    caller = changed(lead, opened_lead=False, may_text=True, may_email=True)
    assert (caller.may_call, caller.may_text, caller.may_email) == (False, False, True)


def test_from_a_later_page_a_number_is_only_a_note(lead: Lead) -> None:
    caller = changed(lead, opened_lead=False, phone="07700 900999", phone_e164="+447700900999", may_call=True)
    assert caller.phone == "07700 900123"
    assert "Also gave, unverified: 07700 900999" in caller.contact_note
