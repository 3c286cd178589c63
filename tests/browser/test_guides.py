"""Guides and the self-check in a browser: by keyboard, without scripts, and to axe's liking."""

import re

from playwright.sync_api import Page, expect

from crm.models import User
from tests.browser.axe import overflow, violations
from tests.browser.conftest import NARROW, WIDE, OpenPage
from tests.browser.going import follow


def looks_right(page: Page) -> None:
    for screen in (NARROW, WIDE):
        page.set_viewport_size(screen)
        assert violations(page) == []
        assert overflow(page) == 0


def test_from_home_to_a_guide_and_its_signs_without_scripts(open_page: OpenPage) -> None:
    page = open_page("/", NARROW, java_script_enabled=False)
    follow(page.get_by_role("main").get_by_role("link", name=re.compile("^Guides")))
    follow(page.get_by_role("link", name="GHB and GBL (G)"))
    page.get_by_role("navigation", name="On this page").get_by_role(
        "link", name="Do not stop suddenly"
    ).click()
    expect(page.get_by_role("heading", name="Do not stop suddenly")).to_be_in_viewport()
    follow(page.get_by_role("link", name="Tick what you see"))
    page.get_by_label("cannot be woken").check()
    follow(page.get_by_role("button", name="What to do next"))
    expect(page.get_by_role("heading", name="Call 999 now")).to_be_visible()
    assert page.url.endswith("/help/ghb-gbl/signs/")
    assert page.context.cookies() == []


def test_each_answer_of_the_self_check(open_page: OpenPage) -> None:
    page = open_page("/help/alcohol/signs/")
    for sign in ("is having a fit", "has yellow skin", "has thoughts of suicide", "needing more"):
        page.goto("/help/alcohol/signs/")
        page.get_by_label(sign).check()
        follow(page.get_by_role("button", name="What to do next"))
        looks_right(page)


def test_a_manager_writes_a_clinician_approves_and_the_public_reads(
    open_page: OpenPage, desk: Page, clinician: User
) -> None:
    desk.goto("/desk/guides/cannabis/1/edit/")
    desk.get_by_role("textbox", name="Title", exact=True).fill("Cannabis: other words")
    follow(desk.get_by_role("button", name="Save as a new version"))
    expect(desk.get_by_role("alert")).to_contain_text("Fill this in")
    looks_right(desk)
    desk.get_by_label("What you changed, and why").fill("A shorter title")
    follow(desk.get_by_role("button", name="Save as a new version"))
    expect(desk.get_by_role("status").filter(has_text="Version 2 is saved")).to_be_visible()
    expect(desk.get_by_role("button", name="Approve version 2")).to_have_count(0)


def test_one_press_confirms_a_help_line(desk: Page) -> None:
    desk.goto("/desk/help-lines/")
    follow(desk.get_by_role("button", name="Confirm FRANK"))
    expect(desk.get_by_role("status").filter(has_text="FRANK is confirmed")).to_be_visible()
    desk.locator("summary", has_text="Other countries").click()
    looks_right(desk)
