"""A planned stay, one question a page: told as stories, with and without scripts, at 320 px."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from crm.models import Lead
from intake.models import Draft, Enquiry
from notifications.models import Message
from tests.browser.axe import overflow, violations
from tests.browser.conftest import EXIT, NARROW, OpenPage
from tests.browser.going import follow
from tests.browser.test_story import run_due_jobs

Look = Callable[[Page], None]


def looks_right(page: Page) -> None:
    page.evaluate("window.scrollTo(0, 0)")
    assert violations(page) == []
    assert overflow(page) == 0


def does_not_look(_: Page) -> None:
    """Without scripts axe cannot run; the other telling of the story looks."""


def go_on(page: Page, look: Look) -> None:
    look(page)
    expect(page).to_have_title("Your answers - Harbour House")
    expect(page.locator("h1")).to_have_count(1)
    assert re.fullmatch(r".*/pre-booked/(\d+/)?", page.url)
    follow(page.get_by_role("button", name="Continue"))


def a_mother_writes(page: Page, look: Look) -> None:
    """Answer what she can, leave the rest; end on the page that shows it all."""
    page.get_by_label("Someone I care about").check()
    go_on(page, look)
    page.get_by_role("radio", name="No", exact=True).check()
    go_on(page, look)
    page.get_by_label("What is their name?").fill("Ben")
    go_on(page, look)
    page.get_by_label("18 to 64").check()
    go_on(page, look)
    expect(page.get_by_role("heading", name="Is any of this happening to them now?")).to_be_visible()
    go_on(page, look)
    page.get_by_label("I do not know, or would rather not say").check()
    go_on(page, look)
    page.get_by_label("What do they need help with?").fill("My son must not know that I write.")
    go_on(page, look)
    page.get_by_role("checkbox", name="Ketamine").check()
    go_on(page, look)
    page.get_by_label("How often?").select_option("daily")
    for _ in range(8):
        go_on(page, look)
    page.get_by_label("A residential programme").check()
    go_on(page, look)
    page.get_by_label("On a date that suits, or near it").check()
    for label, value in {"Day": "3", "Month": "5", "Year": "2090"}.items():
        page.get_by_role("textbox", name=label).fill(value)
    go_on(page, look)
    page.get_by_label("What should we call you?").fill("Ada")
    go_on(page, look)
    page.get_by_label("Phone number").fill("07700 900123")
    go_on(page, look)
    page.get_by_label("Call me").check()
    go_on(page, look)
    page.get_by_label("What should we say if someone else answers?").fill("It is the dentist")
    go_on(page, look)
    go_on(page, look)


@pytest.mark.parametrize(("has_scripts", "look"), [(False, does_not_look), (True, looks_right)])
def test_a_mother_writes_about_her_son_who_must_not_know(
    open_page: OpenPage, has_scripts: bool, look: Look
) -> None:
    page = open_page("/", NARROW, java_script_enabled=has_scripts)
    follow(page.get_by_role("link", name="I want to plan a stay"))
    follow(page.get_by_role("link", name="Continue"))
    a_mother_writes(page, look)
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    expect(page.locator("main")).to_contain_text("We do not contact the person you wrote about")
    look(page)
    follow(page.get_by_role("link", name="Change What should we call you?"))
    page.get_by_label("What should we call you?").fill("Ada Example")
    follow(page.get_by_role("button", name="Continue"))
    expect(page.locator("main")).to_contain_text("Ada Example")
    follow(page.get_by_role("button", name="Send"))
    expect(page).to_have_url(re.compile("/received/"))
    look(page)
    assert page.context.cookies() == []

    run_due_jobs()
    lead = Lead.objects.get()
    assert (lead.caller.name, lead.patient.name) == ("Ada Example", "Ben")
    assert (lead.patient.no_contact, "H-CONSENT" in lead.holds) == (True, True)
    assert not Message.objects.filter(about=lead.pk, kind="ENQUIRY_ACKNOWLEDGEMENT").exists()
    answers = Enquiry.objects.get().answers
    assert (answers["preferred_date"], answers["programme"]) == ("2090-05-03", "residential")


@pytest.mark.parametrize("has_scripts", [False, True])
def test_somebody_who_is_interrupted_comes_back_with_a_link_and_a_code(
    open_page: OpenPage, has_scripts: bool
) -> None:
    page = open_page("/pre-booked/", NARROW, java_script_enabled=has_scripts)
    page.get_by_label("Me", exact=True).check()
    follow(page.get_by_role("button", name="Continue"))
    page.get_by_label("18 to 64").check()
    follow(page.locator(".keeping").get_by_role("button", name="Save and come back later"))
    expect(page.get_by_role("heading", name="Your answers are saved")).to_be_visible()
    code, link = (
        page.locator(".way-back__code").inner_text(),
        page.locator(".way-back a").get_attribute("href"),
    )
    if has_scripts:
        looks_right(page)
    assert page.context.cookies() == []

    later = open_page(str(link), NARROW, java_script_enabled=has_scripts)
    later.get_by_label("What is your code?").fill("WRONG")
    follow(later.get_by_role("button", name="Continue"))
    expect(later.get_by_role("alert")).to_contain_text("does not open these answers")
    if has_scripts:
        looks_right(later)
    later.get_by_label("What is your code?").fill(f" {code.lower()} ")
    follow(later.get_by_role("button", name="Continue"))
    expect(later.get_by_role("heading", name="Is any of this happening to you now?")).to_be_visible()
    follow(later.get_by_role("link", name="Back", exact=True))
    expect(later.get_by_label("18 to 64")).to_be_checked()


def test_danger_interrupts_and_what_there_is_can_be_sent(open_page: OpenPage) -> None:
    page = open_page("/pre-booked/", NARROW)
    page.get_by_label("Someone I care about").check()
    for _ in range(4):
        follow(page.get_by_role("button", name="Continue"))
    page.get_by_label("A fit, now or in the last 24 hours").check()
    follow(page.get_by_role("button", name="Continue"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Call 999 now")
    looks_right(page)
    follow(page.get_by_role("button", name="Send it now"))
    expect(page.locator("[data-error-summary]")).to_be_focused()
    looks_right(page)
    page.get_by_label("Phone number").fill("07700 900123")
    follow(page.get_by_role("button", name="Send it now"))
    expect(page).to_have_url(re.compile("/received/"))


def test_a_young_person_is_led_to_the_right_help(open_page: OpenPage) -> None:
    page = open_page("/pre-booked/", NARROW)
    page.get_by_label("Me", exact=True).check()
    follow(page.get_by_role("button", name="Continue"))
    page.get_by_label("16 or 17").check()
    follow(page.get_by_role("button", name="Continue"))
    expect(page.get_by_role("heading", level=1)).to_have_text("There is help for people your age")
    looks_right(page)


def test_leaving_in_the_middle_leaves_nothing(open_page: OpenPage) -> None:
    page = open_page("/pre-booked/", NARROW)
    page.get_by_label("Me", exact=True).check()
    follow(page.get_by_role("button", name="Continue"))
    expect(page.get_by_role("heading", name="How old are you?")).to_be_visible()
    page.locator(".bar .exit").click()
    expect(page).to_have_url(EXIT)
    assert Draft.objects.count() == 0
    page.goto("/pre-booked/4/")
    expect(page.get_by_role("heading", name="There are no answers here")).to_be_visible()
    looks_right(page)


def test_a_dialog_asks_before_the_answers_are_closed(open_page: OpenPage) -> None:
    page = open_page("/pre-booked/", NARROW)
    page.get_by_label("Me", exact=True).check()
    follow(page.get_by_role("button", name="Continue"))
    page.clock.install()
    page.reload()
    page.get_by_label("18 to 64").check()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.clock.fast_forward(7000 * 1000)
    expect(page.get_by_role("dialog")).to_be_visible()
    looks_right(page)
    follow(page.get_by_role("dialog").get_by_role("button", name="Keep them longer"))
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_label("18 to 64")).to_be_checked()


def test_an_error_has_focus_and_what_was_typed_is_kept(open_page: OpenPage) -> None:
    page = open_page("/pre-booked/", NARROW)
    follow(page.get_by_role("button", name="Continue"))
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page).to_have_title("Error: Your answers - Harbour House")
    looks_right(page)
