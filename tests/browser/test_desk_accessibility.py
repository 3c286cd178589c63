"""axe-core finds nothing on the desk, with leads on it, on narrow and on wide screens."""

import pytest
from django.db.models import F
from playwright.sync_api import Page, expect

from crm.models import Lead
from tests.browser.axe import overflow, violations
from tests.browser.conftest import NARROW, WIDE
from tests.browser.scenes import DESK


def fine(page: Page) -> list[str]:
    found: list[str] = []
    for screen in (NARROW, WIDE):
        page.set_viewport_size(screen)
        found += [f"{page.url} {screen['width']}: {each}" for each in violations(page)]
        found += [f"{page.url} {screen['width']}: {overflow(page)} px too wide"] if overflow(page) else []
    return found


def test_every_page_of_the_desk(desk: Page) -> None:
    found: list[str] = []
    for path in DESK:
        desk.goto(path)
        found += fine(desk)
    assert found == []


@pytest.mark.parametrize(
    ("path", "shows"),
    [
        ("/desk/queues/review/", "Best prices for your website"),
        ("/desk/requests/", "overdue"),
        ("/desk/website/", "iframe"),
        ("/desk/call-backs/", "Somebody decides"),
    ],
)
def test_these_pages_are_not_looked_at_empty(desk: Page, path: str, shows: str) -> None:
    desk.goto(path)
    expect(desk.locator("main")).to_contain_text(shows)
    desk.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
    assert fine(desk) == []


@pytest.mark.parametrize("level", ["E1", "U1"])
def test_a_lead_with_every_action_open(desk: Page, level: str) -> None:
    lead = Lead.objects.filter(level=level).first()
    assert lead
    desk.goto(f"/desk/leads/{lead.reference}/")
    desk.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
    assert fine(desk) == []


@pytest.mark.parametrize(
    ("part", "shows"),
    [("", "Who said what"), ("write/", "We tried to reach you"), ("pack/", "Numbers that help")],
)
def test_a_lead_of_two_people(desk: Page, part: str, shows: str) -> None:
    lead = Lead.objects.exclude(patient=F("caller")).first()
    assert lead
    desk.goto(f"/desk/leads/{lead.reference}/{part}")
    expect(desk.locator("main")).to_contain_text(shows)
    assert fine(desk) == []


@pytest.mark.parametrize("width", [768, 1000, 1100, 1280])
def test_the_reasons_can_be_read_on_every_screen(desk: Page, width: int) -> None:
    desk.set_viewport_size({"width": width, "height": 900})
    desk.goto("/desk/queues/urgent/")
    widths = desk.locator(".queue__why").evaluate_all("all => all.map(each => each.clientWidth)")
    assert min(widths) > 140
