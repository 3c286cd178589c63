"""Finding a lead, and what stays out of addresses."""

from django.test import Client

from crm.models import Site, User
from crm.services.merging import merge_leads
from jobs.clock import database_now
from tests.factories import LeadFactory, PersonFactory
from tests.pages import text_of

SEARCH = "/desk/search/"


def test_a_reference_opens_its_lead(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site)
    typed = f" {lead.reference[:4].lower()} {lead.reference[5:]} "
    assert desk.post(SEARCH, {"q": typed}).url == f"/desk/leads/{lead.reference}/"


def test_a_name_lists_the_leads_found(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site, caller=PersonFactory(name="Siân O'Leary"))
    LeadFactory(site=site)
    text = text_of(desk.post(SEARCH, {"q": "sian"}))
    assert "1 lead found" in text
    assert lead.reference in text


def test_what_was_found_says_how_urgent_how_far_and_whose(desk: Client, site: Site, manager: User) -> None:
    caller = PersonFactory(name="Siân O'Leary")
    LeadFactory(site=site, caller=caller, level="U1", contacted=True, taken=True, owner=manager)
    text = text_of(desk.post(SEARCH, {"q": "lear"}))
    for words in ("U1", "Contacted", "Morgan Manager"):
        assert words in text


def test_a_merged_lead_says_what_it_went_into(desk: Client, site: Site, coordinator: User) -> None:
    gone, kept = LeadFactory(site=site, caller=PersonFactory(name="Siân O'Leary")), LeadFactory(site=site)
    merge_leads(duplicate=gone, survivor=kept, by=coordinator, at=database_now())
    assert f"The same episode as another lead: {kept.reference}" in text_of(desk.post(SEARCH, {"q": "sian"}))


def test_too_little_says_what_to_type(desk: Client) -> None:
    assert "That is too short" in text_of(desk.post(SEARCH, {"q": "si"}))


def test_nothing_found_says_so(desk: Client) -> None:
    assert "Nothing found" in text_of(desk.post(SEARCH, {"q": "nobody@example.org"}))


def test_the_empty_page_and_an_empty_search_explain_the_box(desk: Client) -> None:
    assert "Use the box at the top" in text_of(desk.get(SEARCH))
    assert "Use the box at the top" in text_of(desk.post(SEARCH, {"q": " "}))


def test_an_address_is_never_searched_for(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site)
    assert lead.reference not in text_of(desk.get(SEARCH, {"q": lead.caller.phone}))


def test_the_box_on_every_page_sends_a_post(desk: Client) -> None:
    assert f'action="{SEARCH}" method="post"' in desk.get("/desk/").content.decode()


def test_another_site_finds_nothing(client: Client, site: Site, outsider: User) -> None:
    lead = LeadFactory(site=site)
    client.force_login(outsider)
    for query in (lead.reference, lead.caller.phone, lead.caller.email, lead.caller.name):
        assert "Nothing found" in text_of(client.post(SEARCH, {"q": query}))


def test_a_stranger_signs_in_first_and_delete_is_405(client: Client, desk: Client, db: None) -> None:
    assert desk.delete(SEARCH).status_code == 405
    client.logout()
    assert client.get(SEARCH).status_code == 302
