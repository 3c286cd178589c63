"""The dashboard: order, words, counts, a price that does not grow, and refreshes that cost nothing."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from crm.enums import CallerRole, Level, Stage
from crm.models import Lead, Site, User
from crm.services.contact import add_note
from crm.services.pulse import touch_queues
from jobs.clock import database_now
from tests.factories import LeadFactory, PersonFactory, PlacementFactory

URGENT = "/desk/"
HTMX = {"HX-Request": "true"}


def rows(response: object) -> list[str]:
    """Return the references on the page, in order."""
    return re.findall(r'id="lead-([A-Z0-9-]{9})"', response.content.decode())


def test_overdue_leads_come_first_and_say_so(desk: Client, site: Site) -> None:
    at = database_now()
    waiting = LeadFactory(site=site, level=Level.U2, received_at=at - timedelta(minutes=107, seconds=30))
    overdue = LeadFactory(site=site, level=Level.U1, received_at=at - timedelta(minutes=35, seconds=30))
    page = desk.get(URGENT)
    assert rows(page) == [overdue.reference, waiting.reference]
    assert "overdue by 5 minutes" in page.content.decode()
    assert "call within 12 minutes" in page.content.decode()
    assert "1 urgent lead is past the promised time" in page.content.decode()


def test_e1_stands_above_whatever_is_overdue(desk: Client, site: Site) -> None:
    at = database_now()
    overdue = LeadFactory(site=site, level=Level.U1, received_at=at - timedelta(hours=9))
    emergency = LeadFactory(site=site, level=Level.E1, received_at=at)
    assert rows(desk.get(URGENT)) == [emergency.reference, overdue.reference]


def test_a_row_says_what_a_coordinator_needs_to_see(desk: Client, site: Site, coordinator: User) -> None:
    caller = PersonFactory(name="Alex Morgan")
    lead = LeadFactory(
        site=site,
        caller=caller,
        patient=PersonFactory(name="Jamie Morgan"),
        caller_role=CallerRole.LOVED_ONE,
        main_substance="ghb_gbl",
        holds=["H-CLIN"],
        enquiry_count=2,
        attempt_count=3,
        taken=True,
        owner=coordinator,
        wants_interpreter="Polish",
    )
    text = desk.get(URGENT).content.decode()
    for words in (
        "Alex Morgan",
        "about Jamie Morgan",
        "GHB or GBL",
        "A clinician clears a stay first",
        "Enquired 2 times",
        "3 attempts",
    ):
        assert words in text
    for words in ("Drinking 30 or more units a day", "Interpreter: Polish", "You", "for 20 minutes more"):
        assert words in text
    assert f"take-{lead.reference}" not in text


def test_reasons_are_those_of_the_latest_placement(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site)
    rules = [
        {"id": "a", "reason": "Drives", "level": ""},
        {"id": "b", "reason": "Nowhere safe to stay", "level": "U2"},
        {"id": "c", "reason": "Thoughts of suicide, says safe now", "level": "U1"},
    ]
    PlacementFactory(lead=lead, rules=rules, decided_at=database_now())
    text = desk.get(URGENT).content.decode()
    assert text.index("Thoughts of suicide") < text.index("Nowhere safe to stay") < text.index("and 1 more")
    assert "Drinking 30" not in text


def test_what_is_unplaced_for_a_minute_is_urgent_with_no_job_running(desk: Client, site: Site) -> None:
    at = database_now()
    late = LeadFactory(site=site, unrouted=True, received_at=at - timedelta(seconds=61))
    LeadFactory(site=site, unrouted=True, received_at=at - timedelta(seconds=30))
    page = desk.get(URGENT)
    assert rows(page) == [late.reference]
    assert "1 lead has not been routed for over a minute" in page.content.decode()
    assert "level--u1" in page.content.decode()
    assert len(rows(desk.get("/desk/queues/unrouted/"))) == 2


@pytest.mark.parametrize("tab", ["urgent", "prebooked", "unrouted", "review", "mine"])
def test_each_tab_shows_its_own_leads(desk: Client, site: Site, coordinator: User, tab: str) -> None:
    leads = {
        "urgent": [LeadFactory(site=site)],
        "prebooked": [LeadFactory(site=site, level=Level.P2)],
        "unrouted": [LeadFactory(site=site, unrouted=True, received_at=database_now())],
        "review": [LeadFactory(site=site, review=True)],
    }
    mine = LeadFactory(site=site, level=Level.P1, taken=True, owner=coordinator)
    leads |= {"mine": [mine], "prebooked": [mine, *leads["prebooked"]]}
    LeadFactory(site=site, closed=True)
    LeadFactory(site=site, stage=Stage.ADMITTED)
    assert rows(desk.get(f"/desk/queues/{tab}/")) == [lead.reference for lead in leads[tab]]


def test_a_lapsed_lease_is_nobodys(desk: Client, site: Site, coordinator: User) -> None:
    at = database_now()
    lead = LeadFactory(site=site, taken=True, owner=coordinator, lease_until=at - timedelta(seconds=1))
    assert rows(desk.get("/desk/queues/mine/")) == []
    assert f"take-{lead.reference}" in desk.get(URGENT).content.decode()


def test_leads_of_other_sites_are_neither_shown_nor_counted(desk: Client) -> None:
    LeadFactory(level=Level.U1, received_at=database_now() - timedelta(hours=2))
    page = desk.get(URGENT)
    assert rows(page) == []
    assert "Nobody is waiting" in page.content.decode()
    assert "past the promised time" not in page.content.decode()


def test_a_superuser_without_a_site_sees_nothing(client: Client, coordinator: User, site: Site) -> None:
    coordinator.is_superuser = coordinator.is_staff = True
    coordinator.save()
    coordinator.memberships.all().delete()
    client.force_login(coordinator)
    assert client.get(URGENT).status_code == 403


def test_an_unknown_tab_is_404_and_a_post_405(desk: Client) -> None:
    assert desk.get("/desk/queues/everything/").status_code == 404
    assert desk.post(URGENT).status_code == 405


def test_a_stranger_signs_in_first(client: Client, db: None) -> None:
    response = client.get("/desk/queues/review/")
    assert response.url == "/accounts/login/?next=/desk/queues/review/"
    live = client.get(URGENT, headers=HTMX)
    assert live["HX-Redirect"] == "/accounts/login/"


def test_one_lead_and_thirty_cost_the_same(
    desk: Client, site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # pulse and time, session, user, roles, policies, ids, rows, all counts,
    # and what to narrow it to: colleagues, tags, sources, kept views
    # and around it, once a page: presence, who watches, what happened to own leads, unanswered alerts
    queries = 8 + 4 + 4
    LeadFactory(site=site)
    with django_assert_num_queries(queries):
        desk.get(URGENT)
    for _ in range(29):
        LeadFactory(site=site)
    with django_assert_num_queries(queries):
        assert len(rows(desk.get(URGENT))) == 30


def test_pages_follow_each_other_without_gap_or_repeat(desk: Client, site: Site) -> None:
    at = database_now()
    LeadFactory(site=site, unrouted=True, received_at=at - timedelta(minutes=2))
    for number in range(115):
        level = Level.E1 if number < 55 else Level.U2
        LeadFactory(site=site, level=level, received_at=at - timedelta(minutes=number // 5))
    seen, url = [], URGENT
    while url:
        page = desk.get(url)
        seen += rows(page)
        found = re.search(r'id="page-next" href="([^"]+)"', page.content.decode())
        url = found[1] if found else ""
    expected = Lead.objects.order_by("band", "priority_at", "id").values_list("reference", flat=True)
    assert seen == list(expected)
    assert "99+" in desk.get(URGENT).content.decode()


def test_a_broken_page_link_leads_to_the_first_page(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site)
    for after in ("x", "MXx8", "%00", "MXwyMDI2LTAxLTAxVDAwOjAwOjAwfHg="):
        assert rows(desk.get(f"{URGENT}?after={after}")) == [lead.reference]


def test_a_refresh_gets_the_live_part_only(desk: Client, site: Site) -> None:
    LeadFactory(site=site)
    text = desk.get(URGENT, headers=HTMX).content.decode()
    assert "<html" not in text
    assert 'id="queue-live"' in text
    assert "<title>Urgent (1) · Desk" in text
    assert 'id="banners" hx-swap-oob="innerHTML"' in text


def test_a_refresh_that_finds_nothing_new_costs_one_query(
    desk: Client, site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    LeadFactory(site=site)
    tag = desk.get(URGENT)["ETag"]
    with django_assert_num_queries(1):
        again = desk.get(URGENT, headers=HTMX | {"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.django_db(transaction=True)
def test_a_change_of_any_queue_makes_the_next_refresh_full(desk: Client, site: Site) -> None:
    tag = desk.get(URGENT)["ETag"]
    assert desk.get(URGENT, headers={"If-None-Match": tag}).status_code == 304
    touch_queues()
    assert desk.get(URGENT, headers={"If-None-Match": tag}).status_code == 200


def test_a_tag_is_of_no_use_to_anybody_else(desk: Client, site: Site, outsider: User) -> None:
    tag = desk.get(URGENT)["ETag"]
    other = Client()
    other.force_login(outsider)
    assert other.get(URGENT, headers={"If-None-Match": tag}).status_code == 200
    assert Client().get(URGENT, headers={"If-None-Match": tag}).status_code == 302


def test_a_tag_of_one_tab_does_not_do_for_another(desk: Client) -> None:
    tag = desk.get(URGENT)["ETag"]
    assert desk.get("/desk/queues/mine/", headers={"If-None-Match": tag}).status_code == 200


def test_a_refresh_says_how_many_leads_are_new(desk: Client, site: Site) -> None:
    at = database_now()
    LeadFactory(site=site, received_at=at - timedelta(minutes=10))
    LeadFactory(site=site, received_at=at - timedelta(seconds=1))
    LeadFactory(site=site, unrouted=True, received_at=at - timedelta(seconds=62))
    seen = (at - timedelta(seconds=5)).isoformat()
    text = desk.get(URGENT, headers=HTMX | {"X-Desk-Seen": seen}).content.decode()
    assert "2 new urgent leads." in text
    assert (
        "new urgent" not in desk.get(URGENT, headers=HTMX | {"X-Desk-Seen": at.isoformat()}).content.decode()
    )


@pytest.mark.parametrize(
    "seen", ["yesterday", "2026-01-01", "2026-01-01T00:00:00", "0001-01-01T00:00:00+14:00"]
)
def test_a_refresh_takes_no_harm_from_an_odd_time(desk: Client, seen: str) -> None:
    assert desk.get(URGENT, headers=HTMX | {"X-Desk-Seen": seen}).status_code == 200


def test_nothing_of_the_desk_is_kept_by_browsers(desk: Client) -> None:
    assert "no-store" in desk.get(URGENT)["Cache-Control"]


def test_a_note_does_not_disturb_the_queues(desk: Client, site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site)
    tag = desk.get(URGENT)["ETag"]
    add_note(lead=lead, by=coordinator, text="Call after six", at=database_now())
    assert desk.get(URGENT, headers={"If-None-Match": tag}).status_code == 304


def test_every_form_of_the_page_is_a_plain_post(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site)
    text = desk.get(URGENT).content.decode()
    for url in (reverse("crm:take_next"), reverse("crm:claim", args=[lead.reference])):
        assert f'<form action="{url}" method="post">' in text
