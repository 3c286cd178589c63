"""Whether the caller may be told: what the person discussed said, once they agreed to be contacted."""

import pytest

from crm.enums import EventKind, Party
from crm.models import Lead, Site, User
from crm.refusals import NotAskedYet, ReasonTooShort
from crm.selectors.lead_record import lead_record
from crm.selectors.sharing import sharing_of
from crm.services.contact import add_note
from crm.services.sharing import note_sharing
from jobs.clock import database_now
from tests.factories import LeadFactory, PersonFactory

HOW = "On the phone, and again when I asked twice"


@pytest.fixture
def lead(site: Site) -> Lead:
    return LeadFactory(site=site, caller=PersonFactory(name="Priya"), patient=PersonFactory(name="Sam"))


def test_the_latest_answer_counts(lead: Lead, coordinator: User) -> None:
    assert sharing_of(lead) is None
    for said in (True, False):
        note_sharing(lead=lead, by=coordinator, may_share=said, how=HOW, at=database_now())
        assert sharing_of(lead) is said
    asked = lead.events.filter(kind=EventKind.SHARING_ASKED)
    assert [event.note for event in asked] == [HOW, HOW]


def test_how_they_said_it_is_written_down(lead: Lead, coordinator: User) -> None:
    with pytest.raises(ReasonTooShort):
        note_sharing(lead=lead, by=coordinator, may_share=True, how="yes", at=database_now())


def test_nobody_can_have_asked_somebody_who_has_not_agreed_to_contact(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site, patient=PersonFactory(), holds=["H-CONSENT"])
    with pytest.raises(NotAskedYet):
        note_sharing(lead=lead, by=coordinator, may_share=True, how=HOW, at=database_now())


def test_what_the_mother_said_is_not_shown_as_said_by_the_son(lead: Lead, coordinator: User) -> None:
    at = database_now()
    for party, text in (
        (Party.CALLER, "He has lost his job"),
        (Party.PATIENT, "I want to stop"),
        (None, "Ring at 5"),
    ):
        add_note(lead=lead, by=coordinator, text=text, at=at, said_by=party)
    mother, son = lead_record(lead, at).sides
    assert (mother.rules.person.name, [entry.words for entry in mother.said]) == (
        "Priya",
        ["He has lost his job"],
    )
    assert (son.rules.person.name, [entry.words for entry in son.said]) == ("Sam", ["I want to stop"])
