"""Comparing two leads, merging them, parting them, saying that they are two."""

import pytest
from django.test import Client

from crm.models import Lead, LeadAccess, NotDuplicate, Site, User
from crm.services.merging import merge_leads
from jobs.clock import database_now
from tests.factories import LeadFactory, PersonFactory
from tests.pages import text_of


def url(lead: Lead, other: Lead | None = None, action: str = "") -> str:
    second = f"{other.reference}/" if other else ""
    return f"/desk/leads/{lead.reference}/duplicates/{second}{action}"


def page(lead: Lead) -> str:
    return f"/desk/leads/{lead.reference}/"


@pytest.fixture
def pair(site: Site) -> tuple[Lead, Lead]:
    said = {"name": "Ada Example", "phone": "07700 900123"}
    return LeadFactory(site=site, caller=PersonFactory(**said)), LeadFactory(
        site=site, caller=PersonFactory(**said)
    )


def test_a_leads_page_suggests_the_other_and_blocks_nothing(desk: Client, pair: tuple[Lead, Lead]) -> None:
    text = text_of(desk.get(page(pair[0])))
    assert f"{pair[1].reference} has the same phone number and the same name" in text
    assert "Log a contact attempt" in text


def test_the_comparison_shows_both_and_notes_both_reads(desk: Client, pair: tuple[Lead, Lead]) -> None:
    text = text_of(desk.get(url(*pair)))
    assert text.count("07700 900123") == 2
    assert f"Keep {pair[0].reference}, merge the other into it" in text
    assert LeadAccess.objects.filter(what="comparison").count() == 2


def test_merging_goes_to_the_survivor_and_any_reference_finds_it(
    desk: Client, pair: tuple[Lead, Lead]
) -> None:
    kept, gone = pair
    assert desk.post(url(kept, gone, "merge/")).url == page(kept)
    assert desk.get(page(gone)).url == page(kept)
    assert desk.post("/desk/search/", {"q": gone.reference}).url == page(gone)
    text = text_of(desk.get(page(kept)))
    assert f"{gone.reference} is part of this lead since" in text
    assert f"Enquiry received on {gone.reference}" in text


def test_a_note_written_on_the_merged_leads_old_page_is_kept(desk: Client, pair: tuple[Lead, Lead]) -> None:
    kept, gone = pair
    desk.post(url(kept, gone, "merge/"))
    desk.post(page(gone) + "notes/", {"text": "She rang."})
    assert "She rang." in text_of(desk.get(page(kept)))


def test_parting_opens_it_again(desk: Client, pair: tuple[Lead, Lead]) -> None:
    kept, gone = pair
    desk.post(url(kept, gone, "merge/"))
    assert f"Part {gone.reference} from this lead" in text_of(desk.get(url(kept, gone)))
    desk.post(url(kept, gone, "unmerge/"))
    gone.refresh_from_db()
    assert gone.is_open
    assert gone.reference in text_of(desk.get(page(gone)))


def test_parting_asks_why_where_a_level_goes_back(desk: Client, site: Site) -> None:
    kept, gone = LeadFactory(site=site, level="P2"), LeadFactory(site=site, level="U1")
    desk.post(url(kept, gone, "merge/"))
    assert "This lead goes back to P2" in text_of(desk.get(url(kept, gone)))
    answer = desk.post(url(kept, gone, "unmerge/"), {"reason": "two people"})
    assert answer.status_code == 409
    assert "Write at least 20 characters" in text_of(answer)
    assert ">two people</textarea>" in answer.content.decode()
    desk.post(url(kept, gone, "unmerge/"), {"reason": "A father and a son of the same name."})
    kept.refresh_from_db()
    assert kept.level == "P2"


def test_an_emergency_that_came_with_the_other_waits_for_a_clinical_lead(desk: Client, site: Site) -> None:
    kept, gone = LeadFactory(site=site, level="P2"), LeadFactory(site=site, level="E2")
    desk.post(url(kept, gone, "merge/"))
    said = {"reason": "A father and a son of the same name."}
    text = text_of(desk.post(url(kept, gone, "unmerge/"), said, follow=True))
    assert "This one stays E2 until a clinical lead confirms it." in text
    assert "Lower from E2 to P2?" in text


def test_the_slower_of_two_opposite_merges_reads_why(desk: Client, pair: tuple[Lead, Lead]) -> None:
    kept, gone = pair
    desk.post(url(kept, gone, "merge/"))
    text = text_of(desk.post(url(gone, kept, "merge/"), follow=True))
    assert "This lead is over." in text
    kept.refresh_from_db()
    assert kept.is_open


def test_two_episodes_are_not_suggested_again(desk: Client, pair: tuple[Lead, Lead]) -> None:
    desk.post(url(*pair, "apart/"))
    assert NotDuplicate.objects.count() == 1
    assert "has the same phone number" not in text_of(desk.get(page(pair[0])))


def test_another_lead_is_compared_by_its_reference(desk: Client, site: Site, pair: tuple[Lead, Lead]) -> None:
    typed = pair[1].reference.lower().replace("-", " ")
    assert desk.get(url(pair[0]), {"other": typed}).url == url(*pair)
    assert desk.get(url(pair[0]), {"other": "nonsense"}).status_code == 404


def test_merging_is_for_coordinators(client: Client, clinician: User, pair: tuple[Lead, Lead]) -> None:
    client.force_login(clinician)
    assert client.get(url(*pair)).status_code == 200
    for action in ("merge/", "unmerge/"):
        assert client.post(url(*pair, action)).status_code == 403


def test_outsiders_get_404_and_gets_405(
    client: Client, desk: Client, outsider: User, pair: tuple[Lead, Lead]
) -> None:
    for action in ("merge/", "unmerge/", "apart/"):
        assert desk.get(url(*pair, action)).status_code == 405
    client.force_login(outsider)
    for action in ("merge/", "unmerge/", "apart/"):
        assert client.post(url(*pair, action)).status_code == 404
    assert client.get(url(*pair)).status_code == 404


def test_a_lead_of_another_site_is_no_pair(desk: Client, coordinator: User, pair: tuple[Lead, Lead]) -> None:
    other = LeadFactory()
    coordinator.memberships.create(site=other.site, role="COORDINATOR")
    assert desk.get(url(pair[0], other)).status_code == 404
    assert desk.get(url(pair[0], pair[0])).status_code == 404


def test_merged_leads_are_marked_as_such(desk: Client, coordinator: User, pair: tuple[Lead, Lead]) -> None:
    merge_leads(duplicate=pair[0], survivor=pair[1], by=coordinator, at=database_now())
    text = text_of(desk.get(url(*pair)))
    assert f"{pair[0].reference} was merged into the other." in text
    assert "These are two episodes" not in text
