"""Which leads are suggested as duplicates, and which are not."""

from typing import Any

import pytest

from crm.enums import CallerRole
from crm.models import Lead, Site, User
from crm.selectors.duplicates import duplicates_of
from crm.services.merging import merge_leads, say_not_duplicate
from jobs.clock import database_now
from tests.factories import LeadFactory, PersonFactory

pytestmark = pytest.mark.django_db
ADA: dict[str, Any] = {"name": "Ada Example", "phone": "07700 900123", "email": "ada@example.org"}
OTHER: dict[str, Any] = {"name": "Bea Other", "phone": "07700 900456", "email": "bea@example.org"}


def lead_of(site: Site, person: dict[str, Any], **more: Any) -> Lead:
    return LeadFactory(site=site, caller=PersonFactory(**person), **more)


def suggested(lead: Lead) -> list[tuple[Lead, str]]:
    return [(each.lead, each.why) for each in duplicates_of(lead).suggested]


@pytest.mark.parametrize(
    ("shared", "why"),
    [
        ({"phone": ADA["phone"]}, "the same phone number"),
        ({"phone": "+44 7700 900 123", "phone_e164": "+447700900123"}, "the same phone number"),
        ({"email": "ADA@Example.org"}, "the same e-mail address"),
        ({"name": "example, ada"}, "the same name"),
        ({"name": "Ada Example", "email": ADA["email"]}, "the same e-mail address and the same name"),
    ],
)
def test_a_number_an_address_or_a_whole_name_in_common_is_suggested(
    site: Site, shared: dict[str, Any], why: str
) -> None:
    lead, other = lead_of(site, ADA), lead_of(site, OTHER | shared)
    assert suggested(lead) == [(other, why)]
    assert suggested(other) == [(lead, why)]


@pytest.mark.parametrize("shared", [{"name": "Ada"}, {"name": "Ada Examples"}, {"name": "", "phone": ""}])
def test_half_a_name_or_nothing_is_not(site: Site, shared: dict[str, Any]) -> None:
    lead = lead_of(site, ADA)
    lead_of(site, OTHER | shared)
    assert suggested(lead) == []


@pytest.mark.parametrize("state", [{"closed": True}, {"review": True}])
def test_only_open_leads_outside_review_are(site: Site, state: dict[str, Any]) -> None:
    lead, other = lead_of(site, ADA), lead_of(site, ADA, **state)
    assert suggested(lead) == suggested(other) == []


def test_another_sites_leads_are_not(site: Site) -> None:
    LeadFactory(caller=PersonFactory(**ADA))
    assert suggested(lead_of(site, ADA)) == []


def test_a_professional_is_no_tie_between_their_patients(site: Site) -> None:
    referred = {"caller_role": CallerRole.PROFESSIONAL}
    one = lead_of(site, OTHER, patient=PersonFactory(**ADA), **referred)
    lead_of(site, OTHER, patient=PersonFactory(name="Cy Third", phone="", email=""), **referred)
    assert suggested(one) == []
    own = lead_of(site, ADA)
    assert [each for each, _ in suggested(one)] == [own]


def test_what_was_said_apart_is_not_suggested_again(site: Site, coordinator: User) -> None:
    lead, other = lead_of(site, ADA), lead_of(site, ADA)
    say_not_duplicate(lead=other, other=lead, by=coordinator, at=database_now())
    assert suggested(lead) == suggested(other) == []


def test_what_was_merged_is_listed_and_not_suggested(site: Site, coordinator: User) -> None:
    lead, other = lead_of(site, ADA), lead_of(site, ADA)
    merge_leads(duplicate=other, survivor=lead, by=coordinator, at=database_now())
    lead.refresh_from_db()
    found = duplicates_of(lead)
    assert (found.suggested, [each.lead for each in found.merged]) == ([], [other])
    assert found.merged[0].by == str(coordinator)


def test_five_at_most_newest_first(site: Site) -> None:
    leads = [lead_of(site, ADA) for _ in range(8)]
    newest = sorted(leads[:-1], key=lambda lead: (lead.received_at, lead.pk), reverse=True)[:5]
    assert [lead for lead, _ in suggested(leads[-1])] == newest
