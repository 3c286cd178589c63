"""Holds are cleared by clinicians of the site, with a reason."""

import pytest

from crm.enums import EventKind, Role
from crm.models import Site, User
from crm.refusals import HoldNotSet, NeedsClinician, ReasonTooShort
from crm.services.holds import clear_hold
from jobs.clock import database_now
from tests.factories import LeadFactory, MembershipFactory, PersonFactory

REASON = "Seen by Dr Vale, fit to travel"


@pytest.mark.parametrize("role", [Role.CLINICIAN, Role.CLINICAL_LEAD])
def test_a_clinician_clears_a_hold_with_a_reason(site: Site, role: Role) -> None:
    person = MembershipFactory(site=site, role=role).user
    lead = LeadFactory(site=site, holds=["H-CLIN", "H-SG"])
    clear_hold(lead=lead, by=person, hold="H-CLIN", reason=REASON, at=database_now())
    lead.refresh_from_db()
    assert lead.holds == ["H-SG"]
    event = lead.events.get(kind=EventKind.NOTE_ADDED)
    assert (event.data, event.note, event.by) == ({"hold_cleared": "H-CLIN"}, REASON, person)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.MANAGER])
def test_nobody_else_does(site: Site, role: Role) -> None:
    person, lead = MembershipFactory(site=site, role=role).user, LeadFactory(site=site, holds=["H-CLIN"])
    with pytest.raises(NeedsClinician):
        clear_hold(lead=lead, by=person, hold="H-CLIN", reason=REASON, at=database_now())


def test_a_clinician_of_another_site_does_not(site: Site) -> None:
    elsewhere = MembershipFactory(role=Role.CLINICIAN).user
    with pytest.raises(NeedsClinician):
        clear_hold(
            lead=LeadFactory(site=site, holds=["H-CLIN"]),
            by=elsewhere,
            hold="H-CLIN",
            reason=REASON,
            at=database_now(),
        )


def test_only_a_hold_that_is_set_is_cleared(site: Site, clinician: User) -> None:
    with pytest.raises(HoldNotSet):
        clear_hold(lead=LeadFactory(site=site), by=clinician, hold="H-SG", reason=REASON, at=database_now())


def test_a_reason_is_more_than_a_word(site: Site, clinician: User) -> None:
    lead = LeadFactory(site=site, holds=["H-SG"])
    with pytest.raises(ReasonTooShort):
        clear_hold(lead=lead, by=clinician, hold="H-SG", reason=" done ", at=database_now())


def test_clearing_h_consent_lets_the_person_discussed_be_contacted(site: Site, clinician: User) -> None:
    lead = LeadFactory(site=site, patient=PersonFactory(no_contact=True), holds=["H-CONSENT"])
    clear_hold(lead=lead, by=clinician, hold="H-CONSENT", reason="Rang us and agreed", at=database_now())
    lead.patient.refresh_from_db()
    assert lead.patient.no_contact is False
