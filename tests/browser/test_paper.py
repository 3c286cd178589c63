"""A lead and a handover on paper: what is to be read, and nothing that is to be pressed."""

import pytest
from playwright.sync_api import Page, expect

from crm.models import Lead

PRESSED = "all => all.filter(each => each.checkVisibility()).map(each => each.outerHTML.slice(0, 80))"
COLOURED = """all => all.filter(each => each.checkVisibility() && each.textContent.trim()
    && getComputedStyle(each).color !== 'rgb(0, 0, 0)').map(each => each.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize("page", ["lead", "handover"])
def test_paper_has_what_is_to_be_read(desk: Page, page: str) -> None:
    lead = Lead.objects.filter(level="E1").get()
    desk.goto(f"/desk/leads/{lead.reference}/" if page == "lead" else "/desk/handover/harbour-house/")
    desk.emulate_media(media="print", color_scheme="dark")
    expect(desk.locator("main")).to_contain_text(lead.reference)
    expect(desk.get_by_role("navigation", name="Desk")).to_be_hidden()
    assert desk.locator("button, input, select, textarea").evaluate_all(PRESSED) == []
    assert desk.locator("main *").evaluate_all(COLOURED) == []
