"""Other ways of seeing: forced colours, a page at twice its size, no motion, dark surroundings."""

import pytest
from playwright.sync_api import Page

from tests.browser.axe import overflow, violations
from tests.browser.conftest import NARROW, OpenPage
from tests.intake.views.pages import PUBLIC

ZOOMED = {"width": 640, "height": 450}  # a window of 1280 by 900 at 200 %
# What somebody has to see to know that something can be pressed or filled in.
BORDERLESS = """
    all => all.filter(each => {
        const style = getComputedStyle(each)
        return each.offsetHeight > 1 && parseFloat(style.borderTopWidth) === 0
    }).map(each => each.outerHTML.slice(0, 80))
"""


@pytest.mark.parametrize("path", PUBLIC)
def test_at_200_percent_nothing_is_cut_off(open_page: OpenPage, path: str) -> None:
    page = open_page(path, ZOOMED, device_scale_factor=2)
    assert overflow(page) == 0
    assert violations(page) == []


@pytest.mark.parametrize("path", PUBLIC)
def test_in_forced_colours_whatever_can_be_used_has_an_edge(open_page: OpenPage, path: str) -> None:
    page = open_page(path, NARROW, forced_colors="active")
    assert page.locator(".btn, .form-control, .form-select, .panel").evaluate_all(BORDERLESS) == []


def test_the_focus_can_be_seen_in_forced_colours(open_page: OpenPage) -> None:
    page = open_page("/urgent/", NARROW, forced_colors="active")
    for _ in range(8):
        page.keyboard.press("Tab")
        assert _outlined(page)


def test_nothing_moves_for_somebody_who_asked_for_that(open_page: OpenPage) -> None:
    page = open_page("/", reduced_motion="reduce")
    moving = """() => [...document.querySelectorAll('*')].filter(each => {
        const style = getComputedStyle(each)
        return [style.transitionDuration, style.animationDuration].some(time => parseFloat(time) > 0.01)
    }).length"""
    assert page.evaluate(moving) == 0


def _outlined(page: Page) -> bool:
    """Return whether what has the focus shows it by an outline: shadows vanish in forced colours."""
    style = "getComputedStyle(document.activeElement)"
    return bool(page.evaluate(f"{style}.outlineStyle !== 'none' && parseFloat({style}.outlineWidth) >= 2"))
