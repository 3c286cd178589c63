"""axe-core finds nothing, and nothing is cut off, on narrow and on wide screens."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import overflow, violations
from tests.browser.conftest import NARROW, WIDE, OpenPage
from tests.browser.going import follow
from tests.intake.views.pages import ONE_PAGE_FORMS, PUBLIC

OTHERS = ("/nothing-here/", "/accounts/login/", "/accounts/password/reset/")


def fine(page: Page) -> None:
    for screen in (NARROW, WIDE):
        page.set_viewport_size(screen)
        assert violations(page) == []
        assert overflow(page) == 0


@pytest.mark.parametrize("path", [*PUBLIC, *OTHERS])
def test_every_page(open_page: OpenPage, path: str) -> None:
    fine(open_page(path))


@pytest.mark.parametrize("path", ["/refer/"])
def test_a_form_with_every_part_open(open_page: OpenPage, path: str) -> None:
    page = open_page(path)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    page.evaluate(
        "document.querySelectorAll('[name=uses], [value=loved_one]').forEach(each => each.checked = true)"
    )
    expect(page.get_by_label("How often?").first).to_be_visible()
    fine(page)


@pytest.mark.parametrize("path", ONE_PAGE_FORMS)
def test_a_form_with_errors(open_page: OpenPage, path: str) -> None:
    page = open_page(path)
    follow(page.locator(".send button").first)
    expect(page.get_by_role("alert")).to_be_visible()
    fine(page)


@pytest.mark.parametrize(
    "tick", ["A fit, now or in the last 24 hours", "Something else: help is needed soon"]
)
def test_danger_and_the_received_page(open_page: OpenPage, tick: str) -> None:
    page = open_page("/urgent/")
    page.get_by_label(tick).check()
    follow(page.get_by_role("button", name="Send").first)
    fine(page)
    page.get_by_label("Me", exact=True).check()
    page.get_by_label("Phone number").fill("07700 900123")
    follow(page.get_by_role("button", name="Send").first)
    if page.get_by_role("link", name="I have read this").is_visible():
        fine(page)
        follow(page.get_by_role("link", name="I have read this"))
    expect(page).to_have_title("A few more questions - Harbour House")
    fine(page)
    follow(page.get_by_role("link", name="Finish now"))
    expect(page).to_have_title("Your message - Harbour House")
    fine(page)


@pytest.mark.parametrize("path", PUBLIC)
def test_what_can_be_pressed_is_big_enough(open_page: OpenPage, path: str) -> None:
    """44 px for buttons and answers; 24 px for any link that stands alone, and any number (WCAG 2.5.8)."""
    page = open_page(path, NARROW)
    heights = "all => all.map(each => each.getBoundingClientRect().height).filter(height => height > 1)"
    pressed = page.locator(".btn, .bar a, .form-check-label, summary, .form-control, .doors li")
    assert min(pressed.evaluate_all(heights)) >= 44
    assert min(page.locator("li > a, a[href^='tel:']").evaluate_all(heights)) >= 24


def test_the_text_can_be_twice_as_big(open_page: OpenPage) -> None:
    page = open_page("/urgent/", {"width": 640, "height": 640})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert overflow(page) == 0
