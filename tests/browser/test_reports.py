"""Reports in a browser: a chart beside each table, figures that open, paper without the desk around it."""

from playwright.sync_api import Page, expect

from crm.models import User
from tests.browser.conftest import OpenPage
from tests.browser.going import follow


def test_charts_are_drawn_from_their_tables(desk: Page) -> None:
    for path, charts in (("funnel", 2), ("response-times", 2), ("sources", 2)):
        desk.goto(f"/desk/reports/{path}/")
        drawn = desk.locator(".chart canvas[role=img]")
        expect(drawn).to_have_count(charts)
        for canvas in drawn.all():
            expect(canvas).to_be_visible()
            assert "the table has the same figures" in (canvas.get_attribute("aria-label") or "")


def test_a_figure_opens_the_leads_that_it_counts(desk: Page) -> None:
    desk.goto("/desk/reports/funnel/")
    received = desk.locator("#figures-steps tbody tr").first.locator("a").first
    number = received.inner_text()
    follow(received)
    expect(desk.locator("main")).to_contain_text(f"{number} lead")
    expect(desk.locator("tbody tr")).to_have_count(int(number))


def test_dates_are_chosen_without_a_mouse(desk: Page) -> None:
    desk.goto("/desk/reports/")
    desk.get_by_label("From").fill("2020-01-01")
    desk.get_by_label("To", exact=True).fill("2020-12-31")
    desk.get_by_label("To", exact=True).press("Enter")
    expect(desk.locator("main")).to_contain_text("1 January 2020 to 31 December 2020")


def test_tables_stand_alone_without_scripts(open_page: OpenPage, desk: Page, manager: User) -> None:
    plain = open_page("/accessibility/", java_script_enabled=False)
    plain.context.add_cookies(desk.context.cookies())
    plain.goto("/desk/reports/funnel/")
    expect(plain.locator("#figures-steps")).to_be_visible()
    expect(plain.locator(".chart").first).to_be_hidden()


def test_paper_has_no_filters(desk: Page) -> None:
    desk.goto("/desk/reports/funnel/")
    desk.emulate_media(media="print")
    for gone in (".filters", ".tabs", ".desk-bar", ".rail"):
        expect(desk.locator(gone)).to_be_hidden()
    expect(desk.locator("#figures-steps")).to_be_visible()


def test_on_a_phone_a_wide_table_says_that_it_goes_on(desk: Page) -> None:
    desk.set_viewport_size({"width": 375, "height": 800})
    desk.goto("/desk/reports/response-times/")
    hint = desk.get_by_text("move the table sideways").first
    expect(hint).to_be_visible()
    desk.set_viewport_size({"width": 1280, "height": 800})
    expect(hint).to_be_hidden()
