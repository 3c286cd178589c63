""" "Is it working?" and the forms that ask callers to ring, in a browser: with something on them."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from crm.models import Site
from intake.models import Audit
from intake.remembered import forget
from jobs.clock import database_now
from jobs.services.periodic import beat
from tests.browser import test_accessibility, test_desk_accessibility
from tests.browser.conftest import NARROW, OpenPage
from tests.intake.canaries import ended

MINUTE = timedelta(minutes=1)
WRONG = [
    {"check": "UNPLACED", "count": 3, "seconds": 300.0, "what": ""},
    {"check": "JOBS_LATE", "count": 12, "seconds": 240.0, "what": "intake.tasks.place_lead"},
]


@pytest.fixture(autouse=True)
def _on(settings: Any) -> None:
    settings.CANARY_MINUTES = 5


def a_day(*, late: bool) -> None:
    """A day of canaries with one bad quarter of an hour, and audits that saw it; all are at work."""
    at = database_now()
    for name in ("beat", "dispatch", "watch"):
        beat(name=name, at=at)
    for ago in range(2, 24 * 60, 20):
        is_bad = 300 < ago < 330
        ended(at - ago * MINUTE, missed="PLACED" if is_bad else "", reason="HTTP 503" if is_bad else "")
        Audit.objects.create(at=at - ago * MINUTE, passed=not is_bad, failures=WRONG if is_bad else [])
    if late:
        ended(at - MINUTE, missed="ALERTED")
        Audit.objects.create(at=at - MINUTE, passed=False, failures=WRONG)
    forget()


@pytest.mark.parametrize(("late", "says"), [(False, "It works"), (True, "Something is wrong since")])
def test_is_it_working_is_accessible(desk: Page, late: bool, says: str) -> None:
    a_day(late=late)
    desk.goto("/desk/working/")
    expect(desk.locator("main h2").first).to_contain_text(says)
    assert test_desk_accessibility.fine(desk) == []


def test_it_is_accessible_in_the_dark(desk: Page) -> None:
    a_day(late=True)
    desk.emulate_media(color_scheme="dark")
    desk.goto("/desk/working/")
    assert test_desk_accessibility.fine(desk) == []


@pytest.mark.parametrize("path", ["/urgent/", "/pre-booked/", "/call-me/", "/ar/urgent/"])
def test_forms_that_ask_callers_to_ring_are_accessible(open_page: OpenPage, centre: Site, path: str) -> None:
    a_day(late=True)
    page = open_page(path)
    expect(page.locator("#please-call")).to_be_visible()
    test_accessibility.fine(page)


def test_the_number_can_be_tapped_without_scripts_on_a_small_phone(open_page: OpenPage, centre: Site) -> None:
    a_day(late=True)
    page = open_page("/urgent/", NARROW, java_script_enabled=False)
    number = page.locator("[aria-labelledby=please-call] a")
    expect(number).to_have_attribute("href", "tel:+442079460000")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
