"""News on an open dashboard: within two seconds, heard and counted if asked for, never in anybody's way."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from statistics import median

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from crm.enums import Level
from crm.models import Lead, Site, User
from crm.services.pulse import touch_queues
from jobs.clock import database_now
from tests.browser.axe import overflow, violations
from tests.browser.conftest import NARROW, WIDE, OpenPage
from tests.browser.hearing import LISTEN, listen_for_news, was_played, was_told
from tests.browser.signed_in import sign_in
from tests.browser.waiting import wait_until
from tests.factories import LeadFactory

ASKED = 12  # often enough that a stall or two of the machine does not count
PROMISED = 2.0  # seconds until news is there; the clock of the page asks every 0.7
STARTS = """() => performance.getEntriesByType("resource")
    .filter(each => each.initiatorType === "xmlhttprequest").map(each => each.startTime / 1000)"""
OpenDesk = Callable[..., Page]


@pytest.fixture
def open_desk(open_page: OpenPage, client: Client, coordinator: User) -> OpenDesk:
    def opened(path: str = "/desk/", viewport: dict[str, int] = WIDE) -> Page:
        client.force_login(coordinator)
        page = open_page("/healthz", viewport)
        sign_in(page, client)
        page.context.add_init_script(LISTEN)
        page.goto(path)
        return page

    return opened


def arrives(site: Site, **more: object) -> Lead:
    lead = LeadFactory(site=site, level=Level.U1, received_at=database_now(), **more)
    touch_queues()
    return lead


def wish(page: Page, *wishes: str) -> None:
    page.locator(".menu > summary").click()
    page.locator("#alerts-here summary").click()
    for name in wishes:
        page.locator(f"#alerts-here input[name={name}]").check()


def leave(page: Page) -> None:
    """Nothing is pressed any more: what comes is not seen."""
    page.locator("#alerts-here summary").click()


def test_an_urgent_lead_is_on_two_dashboards_at_once(open_desk: OpenDesk, site: Site) -> None:
    pages = [open_desk(), open_desk("/desk/queues/mine/")]
    listen_for_news(pages[1])
    lead = arrives(site)
    expect(pages[0].locator(f"#lead-{lead.reference}")).to_be_visible()
    was_told(pages[1], "1 new urgent lead.")
    expect(pages[1].locator("#tab-urgent .count")).to_have_text("1")


def test_asking_every_second_costs_304s(open_desk: OpenDesk, site: Site) -> None:
    LeadFactory(site=site)
    page = open_desk()
    statuses: list[int] = []
    page.on("response", lambda answer: statuses.append(answer.status) if "/desk/" in answer.url else None)
    wait_until(page, lambda: len(statuses) >= ASKED)
    assert set(statuses) <= {200, 304}
    starts = page.evaluate(STARTS)
    assert statuses.count(200) <= 2 + (starts[-1] - starts[0]) / 10  # stretches of 15 seconds begin
    assert median(later - before for before, later in pairwise(starts)) < PROMISED


def test_sound_and_badge_are_off_until_asked_for(open_desk: OpenDesk, site: Site) -> None:
    page = open_desk()
    expect(page.locator("#alerts-here [data-state]")).to_have_text("off")
    lead = arrives(site)
    expect(page.locator(f"#lead-{lead.reference}")).to_be_visible()
    assert page.evaluate("window.notes") == 0
    expect(page).to_have_title("Urgent (1) · Desk")


def test_a_new_urgent_lead_is_heard_and_counted_until_somebody_looks(open_desk: OpenDesk, site: Site) -> None:
    page = open_desk()
    wish(page, "sound", "badge")
    leave(page)
    arrives(site)
    expect(page).to_have_title("(1 new) Urgent (1) · Desk")
    arrives(site)
    expect(page).to_have_title("(2 new) Urgent (2) · Desk")
    was_played(page, 4)
    page.wait_for_timeout(2_500)
    assert page.evaluate("window.notes") == 4, "told once"
    page.keyboard.press("Shift")
    expect(page).to_have_title("Urgent (2) · Desk")


def test_a_pre_booked_lead_makes_no_sound(open_desk: OpenDesk, site: Site) -> None:
    page = open_desk()
    wish(page, "sound", "badge")
    LeadFactory(site=site, level=Level.P1, received_at=database_now())
    touch_queues()
    expect(page.locator("#tab-prebooked .count")).to_have_text("1")
    assert page.evaluate("window.notes") == 0
    expect(page).to_have_title("Urgent (0) · Desk")


def test_the_browser_remembers_and_the_sound_can_be_tried(open_desk: OpenDesk, site: Site) -> None:
    page = open_desk()
    wish(page, "sound")
    page.get_by_role("button", name="Play the sound now").click()
    expect(page.locator("#alerts-here [data-said]")).to_contain_text("That was the sound.")
    was_played(page, 2)
    page.reload()
    expect(page.locator("#alerts-here [data-state]")).to_have_text("a sound")
    expect(page.locator("#alerts-here input[name=badge]")).not_to_be_checked()


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["narrow", "wide"])
def test_the_settings_are_accessible(open_desk: OpenDesk, site: Site, viewport: dict[str, int]) -> None:
    page = open_desk(viewport=viewport)
    wish(page, "sound")
    assert violations(page) == []
    assert overflow(page) <= 0


def test_what_is_typed_in_the_search_box_stays(open_desk: OpenDesk, site: Site) -> None:
    page = open_desk()
    page.locator("#desk-search").press_sequentially("07700 9")
    lead = arrives(site)
    expect(page.locator(f"#lead-{lead.reference}")).to_be_visible()
    expect(page.locator("#desk-search")).to_be_focused()
    page.keyboard.type("00123")
    expect(page.locator("#desk-search")).to_have_value("07700 900123")


def test_a_note_that_is_being_typed_in_the_list_is_not_drawn_over(open_desk: OpenDesk, site: Site) -> None:
    """No row has a text field today; whatever is put there must not lose a word."""
    LeadFactory(site=site, received_at=database_now() - timedelta(minutes=1))
    page = open_desk()
    page.evaluate(
        "document.querySelector('#queue-live').insertAdjacentHTML('beforeend',"
        " '<label>Note <textarea id=quick></textarea></label>')"
    )
    page.locator("#quick").press_sequentially("Half a ")
    lead = arrives(site)
    news = page.locator("#queue-news")
    expect(news).to_contain_text("1 new urgent lead. The list is drawn again")
    expect(news).to_be_visible()
    page.keyboard.type("note")
    expect(page.locator("#quick")).to_have_value("Half a note")
    expect(page.locator("#quick")).to_be_focused()
    page.locator("#quick").fill("")
    page.locator("#desk-search").focus()
    expect(page.locator(f"#lead-{lead.reference}")).to_be_visible()


def test_a_note_on_a_leads_page_stays_as_it_is_while_others_work(open_desk: OpenDesk, site: Site) -> None:
    lead = LeadFactory(site=site)
    page = open_desk(f"/desk/leads/{lead.reference}/", NARROW)
    page.locator("#act-note summary").click()
    page.locator("#note-text").press_sequentially("Half a ")
    before = page.evaluate("scrollY")
    arrives(site)
    expect(page.locator("#now-urgent")).to_contain_text("1 new urgent lead")
    page.keyboard.type("note")
    expect(page.locator("#note-text")).to_have_value("Half a note")
    expect(page.locator("#note-text")).to_be_focused()
    assert page.evaluate("scrollY") == before
