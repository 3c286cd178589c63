"""The desk in dark surroundings: axe finds nothing there either, and paper stays white."""

from playwright.sync_api import Page, expect

from crm.models import Lead
from tests.browser.axe import violations
from tests.browser.scenes import DESK

GROUND = "getComputedStyle(document.body).backgroundColor"
WHITE = "rgb(255, 255, 255)"


def test_every_page_of_the_desk_in_the_dark(desk: Page) -> None:
    desk.emulate_media(color_scheme="dark")
    lead = Lead.objects.filter(level="E1").get()
    found: list[str] = []
    for path in (*DESK, f"/desk/leads/{lead.reference}/", f"/desk/leads/{lead.reference}/write/"):
        desk.goto(path)
        desk.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
        found += [f"{path}: {each}" for each in violations(desk)]
    assert found == []


def test_the_dark_is_dark_and_paper_is_white(desk: Page) -> None:
    desk.emulate_media(color_scheme="dark")
    desk.goto("/desk/")
    expect(desk.locator(".due--overdue").first).to_be_visible()
    dark = desk.evaluate(GROUND)
    desk.emulate_media(color_scheme="light")
    assert desk.evaluate(GROUND) != dark
    desk.emulate_media(color_scheme="dark", media="print")
    assert desk.evaluate(GROUND) == WHITE


def test_what_is_typed_in_the_dark_can_be_read(desk: Page) -> None:
    desk.emulate_media(color_scheme="dark")
    desk.goto("/desk/my-alerts/")
    field = desk.locator(".form-control:visible").first
    ground = "field => getComputedStyle(field).backgroundColor"
    before = field.evaluate(ground)
    field.focus()
    assert field.evaluate(ground) == before
