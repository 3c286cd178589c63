"""Everything by keyboard alone."""

from playwright.sync_api import Page, expect

from crm.models import Lead
from tests.browser.conftest import NARROW, OpenPage

RING = """() => {
  const focused = document.activeElement;
  const ring = each => each && getComputedStyle(each).outlineStyle === 'solid';
  return ring(focused) || ring(focused.closest('li'));
}"""
COVERED = """() => {
  const focused = document.activeElement, bar = document.querySelector('.bar');
  const isUnder = focused.getBoundingClientRect().top < bar.getBoundingClientRect().bottom - 1;
  return isUnder && focused !== document.body && !bar.contains(focused) && !focused.matches('.skip')
    ? focused.outerHTML : null;
}"""


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_the_first_stops_are_the_skip_link_and_the_way_out(open_page: OpenPage) -> None:
    page = open_page("/urgent/")
    press(page, "Tab")
    expect(page.get_by_role("link", name="Skip to the main part")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the main part")).to_be_in_viewport()
    press(page, "Tab")
    expect(page.get_by_role("link", name="Leave this site quickly")).to_be_focused()


def test_an_urgent_enquiry_goes_through_without_a_mouse(open_page: OpenPage) -> None:
    page = open_page("/urgent/", NARROW)
    page.get_by_label("Me", exact=True).focus()
    press(page, "Space")
    page.get_by_label("In your own words").focus()
    page.keyboard.type("I need help")
    page.get_by_label("Phone number").focus()
    page.keyboard.type("07700 900123")
    page.get_by_role("button", name="Send").first.focus()
    press(page, "Enter")
    expect(page).to_have_title("A few more questions - Harbour House")
    page.get_by_role("link", name="Finish now").focus()
    press(page, "Enter")
    expect(page).to_have_title("Your message - Harbour House")
    assert Lead.objects.count() == 1


def test_a_tick_opens_its_questions_by_keyboard(open_page: OpenPage) -> None:
    page = open_page("/refer/")
    page.get_by_role("checkbox", name="Alcohol").focus()
    press(page, "Space", "Tab")
    expect(page.get_by_label("How often?").first).to_be_focused()


def test_the_error_summary_has_focus_and_leads_to_the_field(open_page: OpenPage) -> None:
    page = open_page("/urgent/")
    page.get_by_role("button", name="Send").first.click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.get_by_role("link", name="Give a phone number").focus()
    press(page, "Enter")
    expect(page.get_by_label("Phone number")).to_be_focused()


def test_focus_is_never_under_the_bar(open_page: OpenPage) -> None:
    page = open_page("/urgent/", NARROW)
    for key in ("Tab", "Shift+Tab"):
        for _ in range(60):
            press(page, key)
            assert page.evaluate(COVERED) is None


def test_focus_can_be_seen(open_page: OpenPage) -> None:
    page = open_page("/")
    for _ in range(12):
        press(page, "Tab")
        assert page.evaluate(RING)
