"""What is safe changes, and stays on record when it does."""

import pytest

from crm.enums import ContactMethod
from crm.event_words import event_details, event_title
from crm.models import Site, User
from crm.refusals import ContactNotSafe
from crm.services.contact_rules import SafeWays, change_contact_rules
from jobs.clock import database_now
from tests.factories import LeadFactory, PersonFactory

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
