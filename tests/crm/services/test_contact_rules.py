"""What is safe changes, and stays on record when it does."""

import pytest

from crm.enums import ContactMethod
from crm.event_words import event_details, event_title
from crm.models import Lead, Person, Site, User
from crm.refusals import ContactNotSafe
from crm.selectors.open_leads import open_leads_of
from crm.selectors.people import find_leads
from crm.services.contact_rules import Details, SafeWays, change_contact_rules
from crm.services.letters import send_letter
from jobs.clock import database_now
from notifications.enums import MessageKind, MessageState
from notifications.models import Message
from tests.factories import LeadFactory, PersonFactory
from vault.tokens import phone_search

TEXTS_ONLY = SafeWays(
    may_call=False, may_voicemail=False, may_text=True, may_email=False, contact_note="After six"
)


def test_what_somebody_calls_safe_now_replaces_what_was_safe(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site)
    person = change_contact_rules(
        lead=lead, by=coordinator, person=lead.caller, ways=TEXTS_ONLY, at=database_now()
    )
    person.refresh_from_db()
    assert [person.allows(way) for way in (ContactMethod.CALL, ContactMethod.TEXT)] == [False, True]
    assert person.contact_note == "After six"


def test_the_change_is_on_the_timeline_without_a_name(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site, patient=PersonFactory())
    change_contact_rules(lead=lead, by=coordinator, person=lead.patient, ways=TEXTS_ONLY, at=database_now())
    event = lead.events.get(by=coordinator)
    assert event.data == {"rules_of": "patient", "safe": ["TEXT"]}
    assert (event_title(event), event.note) == ("Contact rules changed", "After six")
    assert event_details(event) == ["Safe for the patient: text message."]


def test_nothing_is_safe_for_who_must_not_be_contacted(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site, patient=PersonFactory(no_contact=True))
    with pytest.raises(ContactNotSafe):
        change_contact_rules(
            lead=lead, by=coordinator, person=lead.patient, ways=TEXTS_ONLY, at=database_now()
        )


SAFE = {"may_call": True, "may_voicemail": True, "may_text": True, "may_email": True}


def changed(lead: Lead, by: User, details: Details, **safe: bool) -> Person:
    ways = SafeWays(**(SAFE | safe), details=details)
    return change_contact_rules(lead=lead, by=by, person=lead.caller, ways=ways, at=database_now())


def found(user: User, query: str) -> list[Lead]:
    return find_leads(user=user, query=query)


def test_a_number_that_was_heard_wrongly_is_put_right(site: Site, coordinator: User) -> None:
    wrong = PersonFactory(name="Rowan Smith", phone="07700 900111", email="")
    lead = LeadFactory(site=site, caller=wrong)
    person = changed(lead, coordinator, Details("Rowan Smyth", "07700 900222", "rowan@example.org"))
    assert (person.name, person.phone, person.phone_e164) == ("Rowan Smyth", "07700 900222", "+447700900222")
    for query in ("07700900222", "smyth", "rowan@example.org"):
        assert found(coordinator, query) == [lead]
    for query in ("07700900111", "smith"):
        assert found(coordinator, query) == []
    assert open_leads_of(site=site, tokens=phone_search("+447700900111"), caller_role="self").count() == 0
    event = lead.events.get(by=coordinator)
    assert event.note == "Before: Rowan Smith, 07700 900111"
    assert event_details(event)[1] == "Changed: e-mail address, name, number."
    assert "Rowan" not in str(event.data)


def test_the_sons_own_number_is_kept_with_him(site: Site, coordinator: User) -> None:
    son = PersonFactory(name="Sid", phone="", phone_e164="", email="", may_call=False, may_email=False)
    lead = LeadFactory(site=site, patient=son)
    ways = SafeWays(**SAFE, details=Details("Sid", "07700 900333"))
    person = change_contact_rules(lead=lead, by=coordinator, person=son, ways=ways, at=database_now())
    assert (person.may_call, person.may_email) == (True, False), "no way is safe without an address"
    assert lead.caller.phone != "07700 900333"


def test_what_was_to_go_to_the_old_address_is_cancelled(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site)
    send_letter(lead=lead, by=coordinator, kind=MessageKind.CALLER_TRIED, at=database_now())
    changed(lead, coordinator, Details("Robin", lead.caller.phone, "other@example.org"))
    assert Message.objects.get().state == MessageState.CANCELLED


def test_nothing_changes_when_the_same_is_said_again(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site)
    caller = lead.caller
    before = sorted(caller.search_tokens)
    person = changed(lead, coordinator, Details(caller.name, caller.phone, caller.email))
    assert sorted(person.search_tokens) == before
    assert "changed" not in lead.events.get(by=coordinator).data
