"""What may be told to whom, in words, from the consents and the holds."""

from typing import Any

import pytest

from crm.consent import may_tell, what_may_be_told
from crm.enums import CallerRole
from crm.models import Lead
from tests.factories import LeadFactory, PersonFactory

pytestmark = pytest.mark.django_db


def a_mother_and_her_son(**more: Any) -> Lead:
    son = PersonFactory(name="Sam", no_contact=more.pop("no_contact", False))
    mother = PersonFactory(name="Priya")
    return LeadFactory(caller=mother, patient=son, caller_role=CallerRole.LOVED_ONE, **more)


def words(lead: Lead, **more: Any) -> str:
    return " ".join(what_may_be_told(lead, **more))


@pytest.mark.parametrize("how", [{"no_contact": True}, {"holds": ["H-CONSENT"]}])
def test_without_agreement_nothing_is_said_of_the_son_and_nothing_to_him(how: dict[str, Any]) -> None:
    lead = a_mother_and_her_son(**how)
    assert "Do not contact Sam" in words(lead)
    assert may_tell(lead, lead.caller) == "Listen, and give general advice. Tell them nothing about Sam."
    assert "do not say that somebody asked about them" in may_tell(lead, lead.patient)


def test_to_know_of_the_enquiry_is_no_consent_to_share() -> None:
    lead = a_mother_and_her_son()
    assert "That is not consent to share." in words(lead)
    assert may_tell(lead, lead.caller).startswith("Tell them nothing that Sam told us")
    assert "Do not repeat what Priya told us" in may_tell(lead, lead.patient)


@pytest.mark.parametrize(("said", "tells"), [(True, "has agreed"), (False, "said no")])
def test_what_the_son_said_counts(said: bool, tells: str) -> None:
    lead = a_mother_and_her_son()
    assert tells in may_tell(lead, lead.caller, may_share=said)
    assert "not consent to share" not in words(lead, may_share=said)


@pytest.mark.parametrize(
    ("said", "tells"),
    [(None, "refers Sam as a professional"), (True, "Sam agreed that"), (False, "does not want")],
)
def test_what_a_professional_is_told_is_for_the_person_referred_to_say(said: bool | None, tells: str) -> None:
    lead = a_mother_and_her_son()
    lead.caller_role = CallerRole.PROFESSIONAL
    assert tells in words(lead, may_share=said)
    assert ("as a professional" in words(lead, may_share=said)) is (said is None)


def test_no_old_yes_counts_once_he_must_not_be_contacted() -> None:
    lead = a_mother_and_her_son(holds=["H-CONSENT"])
    assert "Tell them nothing about Sam" in may_tell(lead, lead.caller, may_share=True)
    assert "agreed that" not in words(lead, may_share=True)


@pytest.mark.parametrize("hold", [[], ["H-SAFE"]])
def test_somebody_may_be_watching(hold: list[str]) -> None:
    assert ("leave no trace" in words(a_mother_and_her_son(holds=hold))) == bool(hold)
    assert ("leave no trace" in words(LeadFactory(holds=hold))) == bool(hold)


def test_somebody_who_asks_for_themselves_is_spoken_with() -> None:
    lead = LeadFactory(caller=PersonFactory(name="Ada"))
    assert "Speak about this with Ada only" in words(lead)
    assert may_tell(lead, lead.caller) == "You may speak with them about all of this."
