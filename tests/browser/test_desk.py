"""The desk in a browser: it refreshes itself without getting in the way, and works without scripts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from crm.enums import CallerRole, Level
from crm.models import Lead, Site, User
from crm.services.pulse import touch_queues
from crm.services.queues import claim_lead
from jobs.clock import database_now
from tests.browser.axe import overflow, violations
from tests.browser.conftest import NARROW, WIDE, OpenPage
from tests.browser.hearing import listen_for_news, was_told
from tests.browser.signed_in import sign_in
from tests.browser.waiting import wait_until
from tests.factories import LeadFactory, PersonFactory, PlacementFactory

# Mark the list before each refresh; a while after one that found nothing new, count what is still marked.
MARK = """() => {
  const list = () => document.getElementById("queue-live");
  document.addEventListener("htmx:beforeRequest", () => { list().dataset.mine = "yes"; });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    const marked = () => document.querySelectorAll("#queue-live[data-mine] .queue").length;
    if (detail.xhr.status === 304) setTimeout(() => { window.kept ??= marked(); }, 100);
  });
}"""

OpenDesk = Callable[..., Page]


@pytest.fixture
def open_desk(open_page: OpenPage, client: Client, coordinator: User) -> OpenDesk:
    """Return a function that opens an address of the desk as the coordinator."""

    def opened(path: str, viewport: dict[str, int] = WIDE, **options: object) -> Page:
        client.force_login(coordinator)
        page = open_page("/healthz", viewport, **options)
        sign_in(page, client)
        page.goto(path)
        return page

    return opened


def many_leads(site: Site) -> list[Lead]:
    at = database_now()
    return [LeadFactory(site=site, received_at=at - timedelta(seconds=n)) for n in range(25)]


def a_full_lead(site: Site) -> Lead:
    lead = LeadFactory(
        site=site,
        level=Level.E1,
        caller=PersonFactory(name="Alex Morgan", contact_note="After six"),
        patient=PersonFactory(name="Jamie Morgan", no_contact=True),
        caller_role=CallerRole.LOVED_ONE,
        holds=["H-CLIN", "H-CONSENT"],
        wants_interpreter="Polish",
    )
    PlacementFactory(
        lead=lead, answers={"free_text": "Please help", "suicide": "unknown"}, decided_at=database_now()
    )
    return lead


def test_a_new_lead_shows_up_without_moving_focus_or_scroll(open_desk: OpenDesk, site: Site) -> None:
    leads = many_leads(site)
    page = open_desk("/desk/", NARROW)
    listen_for_news(page)
    link = page.locator(f"#lead-{leads[12].reference}")
    link.focus()
    before = page.evaluate("window.scrollY")
    assert before > 0
    new = LeadFactory(site=site, level=Level.U3, received_at=database_now())
    touch_queues()
    expect(page.locator(f"#lead-{new.reference}")).to_be_attached()
    was_told(page, "1 new urgent lead.")
    expect(link).to_be_focused()
    assert page.evaluate("window.scrollY") == before
    expect(page).to_have_title("Urgent (26) · Desk")


def test_a_refresh_that_finds_nothing_new_leaves_the_page_alone(open_desk: OpenDesk, site: Site) -> None:
    LeadFactory(site=site)
    page = open_desk("/desk/")
    page.evaluate(MARK)
    wait_until(page, lambda: page.evaluate("window.kept") is not None)
    assert page.evaluate("window.kept") == 1


def test_a_colleagues_claim_shows_up(open_desk: OpenDesk, site: Site, manager: User) -> None:
    lead = LeadFactory(site=site)
    page = open_desk("/desk/")
    expect(page.get_by_role("button", name=f"Take {lead.reference}")).to_be_visible()
    claim_lead(lead=lead, by=manager, at=database_now())
    expect(page.locator(".queue__owner")).to_have_text("Morgan Manager")


def test_signing_out_elsewhere_leads_to_the_sign_in(open_desk: OpenDesk, client: Client) -> None:
    page = open_desk("/desk/")
    client.logout()
    touch_queues()
    page.wait_for_url("**/accounts/login/")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_coordinator_takes_calls_and_closes(
    open_desk: OpenDesk, site: Site, coordinator: User, scripts: bool
) -> None:
    lead = LeadFactory(site=site, caller=PersonFactory(name="Alex Morgan"))
    page = open_desk("/desk/", java_script_enabled=scripts)
    page.get_by_role("button", name="Take next").click()
    expect(page.get_by_text("You have this lead until")).to_be_visible()
    page.get_by_label("What happened").select_option("Spoke with them")
    page.get_by_label("They answered").check()
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_text("Two-way contact logged.")).to_be_visible()
    page.locator("summary", has_text="Close the lead").click()
    page.locator("#close-disposition").select_option("Chose another service")
    page.get_by_role("button", name="Close the lead").click()
    expect(page.get_by_text("Closed: Chose another service.")).to_be_visible()
    lead.refresh_from_db()
    assert lead.closed_at is not None


def test_the_queue_is_worked_with_the_keyboard_alone(open_desk: OpenDesk, site: Site) -> None:
    lead = LeadFactory(site=site)
    page = open_desk("/desk/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.locator(f"#lead-{lead.reference}").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You have this lead until")).to_be_visible()


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["narrow", "wide"])
def test_pages_are_accessible_and_fit(open_desk: OpenDesk, site: Site, viewport: dict[str, int]) -> None:
    lead = a_full_lead(site)
    LeadFactory(site=site, unrouted=True, received_at=database_now() - timedelta(minutes=3))
    LeadFactory(site=site, level=Level.U1, received_at=database_now() - timedelta(hours=3))
    LeadFactory(site=site, review=True)
    page = open_desk("/desk/", viewport)
    for path in (
        "/desk/",
        "/desk/queues/mine/",
        "/desk/queues/review/",
        "/desk/search/",
        f"/desk/leads/{lead.reference}/",
    ):
        page.goto(path)
        page.evaluate("document.querySelectorAll('details.act').forEach(each => each.open = true)")
        assert violations(page) == [], path
        assert overflow(page) <= 0, path


def test_the_tab_of_the_page_is_in_sight_on_a_phone(open_desk: OpenDesk) -> None:
    page = open_desk("/desk/queues/review/", {"width": 375, "height": 700})
    tab = page.locator("#tab-review")
    expect(tab).to_be_in_viewport(ratio=1)
    page.evaluate("document.getElementById('queue-live').dataset.before = 'yes'")
    touch_queues()
    expect(page.locator("#queue-live:not([data-before])")).to_have_count(1)
    expect(tab).to_be_in_viewport(ratio=1)
    assert page.evaluate("scrollY") == 0


def test_a_number_is_copied_with_one_press(open_desk: OpenDesk, site: Site) -> None:
    lead = LeadFactory(site=site)
    page = open_desk(f"/desk/leads/{lead.reference}/")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = page.locator("[data-copy]").first
    button.click()
    expect(button).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == lead.caller.phone_e164


def test_without_scripts_there_is_no_button_that_does_nothing(open_desk: OpenDesk, site: Site) -> None:
    lead = LeadFactory(site=site)
    page = open_desk(f"/desk/leads/{lead.reference}/", java_script_enabled=False)
    expect(page.locator("[data-copy]").first).to_be_hidden()
    expect(page.get_by_role("link", name=f"Call {lead.caller.phone}")).to_be_visible()
