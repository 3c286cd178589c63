"""Who sees which lead."""

from datetime import timedelta

import pytest

from crm.enums import EventKind, Role
from crm.models import Site, User
from crm.selectors.leads import has_role_at, leads_visible_to, pending_lowering, roles_of
from jobs.clock import database_now
from tests.factories import LeadEventFactory, LeadFactory, MembershipFactory


def test_staff_see_the_leads_of_their_sites_only(site: Site, coordinator: User, outsider: User) -> None:
    lead = LeadFactory(site=site)
    elsewhere = LeadFactory(site=outsider.memberships.get().site)
    assert list(leads_visible_to(coordinator)) == [lead]
    assert list(leads_visible_to(outsider)) == [elsewhere]


def test_somebody_at_two_sites_sees_each_lead_once(site: Site, coordinator: User) -> None:
    other = MembershipFactory(user=coordinator, role=Role.MANAGER).site
    leads = {LeadFactory(site=site), LeadFactory(site=other)}
    assert set(leads_visible_to(coordinator)) == leads
    assert leads_visible_to(coordinator).count() == 2
    assert roles_of(coordinator) == {site.pk: Role.COORDINATOR, other.pk: Role.MANAGER}


def test_a_superuser_without_a_membership_sees_nothing(site: Site, coordinator: User) -> None:
    LeadFactory(site=site)
    coordinator.memberships.all().delete()
    coordinator.is_superuser = True
    assert not leads_visible_to(coordinator).exists()


def test_a_role_counts_at_its_site(site: Site, clinician: User) -> None:
    assert has_role_at(clinician, LeadFactory(site=site), [Role.CLINICAL_LEAD])
    assert not has_role_at(clinician, LeadFactory(site=site), [Role.MANAGER])
    assert not has_role_at(clinician, LeadFactory(), [Role.CLINICAL_LEAD])


@pytest.mark.parametrize(("later", "waits"), [(EventKind.CONTACT_ATTEMPTED, True), (EventKind.PLACED, False)])
def test_a_request_to_lower_waits_until_something_newer_settles_the_level(
    site: Site, coordinator: User, later: EventKind, waits: bool
) -> None:
    at, lead = database_now(), LeadFactory(site=site)
    assert pending_lowering(lead) is None
    asked = LeadEventFactory(lead=lead, kind=EventKind.LOWERING_ASKED, by=coordinator, occurred_at=at)
    assert pending_lowering(lead) == asked
    LeadEventFactory(lead=lead, kind=later, occurred_at=at + timedelta(seconds=1))
    assert (pending_lowering(lead) == asked) is waits
