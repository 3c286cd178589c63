"""What stands around every page of the desk: the rail, who is watching, and what comes in while one works."""

import re

import pytest
from playwright.sync_api import Page, expect

from crm.enums import CallState, Level
from crm.models import Lead, Site
from crm.services.pulse import touch_queues
from jobs.clock import database_now
from tests.browser.axe import overflow, violations
from tests.browser.conftest import WIDE
from tests.browser.hearing import LISTEN, was_played
from tests.browser.test_live import arrives, wish
from tests.browser.waiting import wait_until
from tests.factories import LeadFactory, PersonFactory
from tests.factories.phone import PhoneCallFactory, PhoneLineFactory

PHONE = {"width": 375, "height": 800}
STYLED = "[...document.querySelectorAll('link[rel=stylesheet]')].every(each => each.sheet)"
TOP = "document.getElementById('main').getBoundingClientRect().top"


def rings(site: Site, lead: Lead) -> None:
    line = PhoneLineFactory(site=site, name="Night line")
    ringing = {"state": CallState.RINGING, "started_at": database_now(), "ended_at": None}
    PhoneCallFactory(line=line, site=site, lead=lead, **ringing)
    touch_queues()


@pytest.fixture
def typing(desk: Page, site: Site) -> Page:
    """Somebody half-way through a note, far down a lead's page."""
    lead = LeadFactory(site=site)
    desk.context.add_init_script(LISTEN)
    desk.set_viewport_size(PHONE)
    desk.goto(f"/desk/leads/{lead.reference}/")
    wish(desk, "sound", "badge")
    desk.locator(".menu > summary").click()
    desk.locator("#act-note summary").click()
    desk.locator("#note-text").press_sequentially("Half a ")
    return desk


def test_a_call_and_an_urgent_lead_reach_somebody_who_is_typing(typing: Page, centre: Site) -> None:
    before = typing.evaluate("scrollY")
    caller = LeadFactory(site=centre, level=Level.U1, caller=PersonFactory(name="Ada Example"))
    rings(centre, caller)
    card = typing.locator(".now__card", has_text=caller.reference)
    expect(card).to_contain_text("Ringing now on Night line: Ada Example")
    expect(typing.locator("#desk-said")).to_contain_text("Ringing now on Night line")
    arrives(centre)
    expect(typing.locator("#now-urgent")).to_contain_text("1 new urgent lead")
    expect(typing.locator("#desk-said")).to_have_text("1 new urgent lead.")
    expect(typing).to_have_title(re.compile(r"^\(1 new\) "))
    was_played(typing, 2)
    typing.keyboard.type("note")
    expect(typing.locator("#note-text")).to_have_value("Half a note")
    expect(typing.locator("#note-text")).to_be_focused()
    assert typing.evaluate("scrollY") == before
    assert violations(typing) == []
    card.get_by_role("button", name="Hide").click()
    typing.reload()
    expect(typing.locator("#now-calls .now__card").first).to_be_attached()
    expect(card).to_be_hidden()


def test_a_call_shows_also_while_a_list_is_held_back_by_a_tick(desk: Page, centre: Site) -> None:
    desk.goto("/desk/")
    desk.locator(".queue__tick").first.check()
    caller = LeadFactory(site=centre, caller=PersonFactory(name="Ada Example"))
    rings(centre, caller)
    expect(desk.locator(".now__card", has_text=caller.reference)).to_be_visible()
    expect(desk.locator(".queue__tick").first).to_be_checked()


def test_the_rail_of_a_phone_opens_and_closes_by_keyboard(desk: Page) -> None:
    desk.set_viewport_size(PHONE)
    desk.goto("/desk/rota/harbour-house/")
    rail = desk.get_by_role("navigation", name="Desk")
    expect(rail).to_be_hidden()
    desk.get_by_role("button", name="Menu").focus()
    desk.keyboard.press("Enter")
    current = rail.locator("[aria-current]")
    expect(current).to_have_text("Rota")
    expect(current).to_be_in_viewport()
    assert violations(desk) == []
    assert overflow(desk) <= 0
    rail.locator("summary", has_text="Set-up").focus()
    desk.keyboard.press("Enter")
    desk.keyboard.press("Tab")
    expect(rail.get_by_role("link", name="Rules")).to_be_focused()
    desk.keyboard.press("Escape")
    expect(rail).to_be_hidden()
    expect(desk.get_by_role("button", name="Menu")).to_be_focused()


@pytest.mark.parametrize("screen", [PHONE, WIDE], ids=["phone", "wide"])
def test_nothing_that_comes_late_moves_the_page(desk: Page, screen: dict[str, int]) -> None:
    desk.set_viewport_size(screen)
    desk.goto("/desk/rota/harbour-house/", wait_until="commit")
    desk.wait_for_selector("main h1")
    wait_until(desk, lambda: desk.evaluate(STYLED))
    expect(desk.locator("#watching")).to_contain_text("Morgan Manager (you)")
    before = desk.evaluate(TOP)
    with desk.expect_response(lambda answer: "/desk/news/" in answer.url):
        pass
    desk.wait_for_timeout(300)
    assert desk.evaluate(TOP) == before
