"""An alert in a browser: the page behind its link, on a small phone without scripts, and the red screen."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from crm.ack_tokens import ack_token, summary_token
from crm.models import Lead, Site, User
from crm.services.alerts import alert_staff
from jobs.clock import database_now
from notifications.models import Escalation
from tests.browser.axe import overflow, violations
from tests.browser.conftest import NARROW, OpenPage
from tests.browser.going import follow
from tests.browser.test_desk_accessibility import fine
from tests.factories import LeadFactory


def alerted(site: Site, *, seconds_ago: int) -> Lead:
    lead = LeadFactory(site=site, level="U1")
    alert_staff(lead=lead, key=str(lead.pk), at=database_now() - timedelta(seconds=seconds_ago))
    return lead


def link(user: User) -> str:
    chain = Escalation.objects.latest("started_at")
    return f"/ack/{ack_token(escalation=chain.pk, user=user.pk, at=database_now())}/"


def test_one_tap_on_a_small_phone_without_scripts(
    open_page: OpenPage, centre: Site, coordinator: User
) -> None:
    lead = alerted(centre, seconds_ago=30)
    page = open_page(link(coordinator), NARROW, java_script_enabled=False)
    expect(page.locator("h1")).to_have_text(f"{lead.reference}: do you have it?")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    follow(page.get_by_role("button", name="I have it"))
    expect(page.locator("h1")).to_have_text(f"You said you have {lead.reference}")
    assert Escalation.objects.get().acknowledged_by == coordinator.pk


def test_its_pages_are_accessible(open_page: OpenPage, centre: Site, coordinator: User) -> None:
    alerted(centre, seconds_ago=30)
    page = open_page(link(coordinator), NARROW)
    assert (violations(page), overflow(page)) == ([], 0)
    follow(page.get_by_role("button", name="I have it"))
    assert (violations(page), overflow(page)) == ([], 0)


def test_the_page_of_a_summary_is_accessible_and_answers_one_of_them(
    open_page: OpenPage, centre: Site, coordinator: User
) -> None:
    leads = [alerted(centre, seconds_ago=30) for _ in range(3)]
    address = f"/acks/{summary_token(user=coordinator.pk, at=database_now())}/"
    page = open_page(address, NARROW, java_script_enabled=False)
    expect(page.locator("h1")).to_have_text("3 leads wait for an answer")
    follow(page.get_by_role("button", name=f"I have it {leads[1].reference}"))
    expect(page.locator("h1")).to_have_text(f"You said you have {leads[1].reference}")
    page = open_page(address, NARROW)
    expect(page.locator("h1")).to_have_text("2 leads wait for an answer")
    assert (violations(page), overflow(page)) == ([], 0)


def test_the_red_screen_is_accessible_and_answers(desk: Page, centre: Site) -> None:
    lead = alerted(centre, seconds_ago=400)
    desk.goto("/desk/shifts/")
    expect(desk.locator("#red-screen")).to_contain_text("Nobody has answered")
    assert fine(desk) == []
    follow(desk.locator(f"#red-have-{lead.reference}"))
    expect(desk.locator("#red-screen")).to_be_empty()
    expect(desk.locator("main")).to_contain_text("You said you have")


def test_who_is_alerted_is_accessible_with_every_line_open(desk: Page) -> None:
    desk.goto("/desk/alert-policy/harbour-house/u1/")
    desk.locator("#id_after_5").fill("7")
    desk.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
    assert fine(desk) == []
    follow(desk.get_by_role("button", name="See what it means"))
    assert fine(desk) == []
    expect(desk.locator("#preview")).to_contain_text("Nothing is saved yet.")
