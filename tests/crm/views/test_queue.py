"""Take next, take this one, give it back."""

from datetime import timedelta

from django.test import Client

from crm.enums import Level, Queue
from crm.models import Lead, Site, User
from jobs.clock import database_now
from tests.factories import LeadFactory
from tests.pages import text_of

TAKE_NEXT = "/desk/take-next/"


def lead_url(lead: Lead, action: str = "") -> str:
    return f"/desk/leads/{lead.reference}/{action}"


def test_take_next_opens_the_lead_that_was_taken(desk: Client, site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site)
    response = desk.post(TAKE_NEXT, {"queue": Queue.URGENT})
    lead.refresh_from_db()
    assert (response.url, lead.owner) == (lead_url(lead), coordinator)


def test_take_next_says_so_when_nothing_is_waiting(desk: Client, site: Site) -> None:
    LeadFactory(site=site, level=Level.P1)
    response = desk.post(TAKE_NEXT, {"queue": Queue.URGENT}, follow=True)
    assert "Urgent: nothing to take" in text_of(response)


def test_take_next_knows_its_queues_and_takes_posts_only(desk: Client) -> None:
    assert desk.post(TAKE_NEXT, {"queue": "EVERYTHING"}).status_code == 404
    assert desk.post(TAKE_NEXT).status_code == 404
    assert desk.get(TAKE_NEXT).status_code == 405


def test_take_next_needs_a_membership(client: Client, coordinator: User) -> None:
    coordinator.memberships.all().delete()
    client.force_login(coordinator)
    assert client.post(TAKE_NEXT, {"queue": Queue.URGENT}).status_code == 403


def test_claim_gives_the_lead_to_the_user(desk: Client, site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site)
    text = text_of(desk.post(lead_url(lead, "claim/"), follow=True))
    assert "You have this lead until" in text
    lead.refresh_from_db()
    assert lead.owner == coordinator


def test_claim_of_a_colleagues_lead_says_who_has_it(desk: Client, site: Site, manager: User) -> None:
    lead = LeadFactory(site=site, taken=True, owner=manager)
    assert "Morgan Manager has this lead now." in text_of(desk.post(lead_url(lead, "claim/"), follow=True))


def test_claim_of_a_closed_lead_is_refused(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site, closed=True)
    assert "This lead is over." in text_of(desk.post(lead_url(lead, "claim/"), follow=True))


def test_release_puts_it_back(desk: Client, site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site, taken=True, owner=coordinator)
    assert "is back in its queue" in text_of(desk.post(lead_url(lead, "release/"), follow=True))
    lead.refresh_from_db()
    assert lead.owner is None


def test_only_a_manager_puts_back_a_colleagues_lead(
    desk: Client, site: Site, manager: User, clinician: User
) -> None:
    lead = LeadFactory(site=site, taken=True, owner=clinician)
    assert "not yours to give back" in text_of(desk.post(lead_url(lead, "release/"), follow=True))
    desk.force_login(manager)
    desk.post(lead_url(lead, "release/"))
    lead.refresh_from_db()
    assert lead.owner is None


def test_outsiders_get_404_and_gets_405(client: Client, desk: Client, site: Site, outsider: User) -> None:
    lead = LeadFactory(site=site)
    for action in ("claim/", "release/"):
        assert desk.get(lead_url(lead, action)).status_code == 405
    client.force_login(outsider)
    for action in ("claim/", "release/"):
        assert client.post(lead_url(lead, action)).status_code == 404


def test_a_lapsed_lease_shows_as_nobodys_on_the_page(desk: Client, site: Site, coordinator: User) -> None:
    lead = LeadFactory(
        site=site, taken=True, owner=coordinator, lease_until=database_now() - timedelta(seconds=1)
    )
    assert "Nobody has this lead." in text_of(desk.get(lead_url(lead)))
