"""The urgent form in every language on a narrow phone: nothing is cut off; Arabic runs from the right."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import overflow, violations
from tests.browser.conftest import NARROW, OpenPage
from tests.browser.going import follow
from tests.config.whole import WHOLE

LANGUAGES = ("cy", "pl", "ro", "ar")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_urgent_form_fits_a_narrow_screen(open_page: OpenPage, language: str) -> None:
    page = open_page(f"/{language}/urgent/", NARROW)
    assert overflow(page) == 0
    assert violations(page) == []
    follow(page.locator("button[type=submit]").first)
    expect(page.get_by_role("alert").first).to_be_visible()
    assert overflow(page) == 0
    assert violations(page) == []


@pytest.mark.parametrize("path", ["/", "/call-me/", "/pre-booked/", "/refer/", "/leaving/soon/"])
@pytest.mark.parametrize("language", WHOLE)
def test_each_journey_starts_on_a_narrow_screen(open_page: OpenPage, language: str, path: str) -> None:
    page = open_page(f"/{language}{path}", NARROW)
    assert overflow(page) == 0
    assert violations(page) == []


def test_arabic_is_mirrored(open_page: OpenPage) -> None:
    """The tick stands right of its words, and the way out is at the left."""
    page = open_page("/ar/urgent/", NARROW)
    tick = page.locator(".form-check-input").first.bounding_box()
    words = page.locator(".form-check-label").first.bounding_box()
    leave = page.locator(".exit").bounding_box()
    assert tick is not None
    assert words is not None
    assert leave is not None
    assert tick["x"] > words["x"] + words["width"] - 60
    assert leave["x"] < 60
