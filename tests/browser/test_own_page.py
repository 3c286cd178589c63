"""A caller's own page with scripting off, on a narrow phone."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from crm.enums import ContactMethod
from crm.models import Lead
from tests.browser.axe import overflow, violations
from tests.browser.conftest import NARROW, OpenPage
from tests.browser.going import follow


def sent(open_page: OpenPage, *, scripts: bool = False) -> Page:
    """Send an urgent enquiry in which a call and e-mail are safe; return the page after it."""
    page = open_page("/urgent/", NARROW, java_script_enabled=scripts)
    page.get_by_label("Me", exact=True).check()
    page.get_by_label("In your own words").fill("I need some help")
    page.get_by_label("Phone number").fill("07700 900123")
    page.get_by_label("E-mail address").fill("sam@example.org")
    page.get_by_label("Call me").check()
    page.get_by_label("E-mail me").check()
    follow(page.get_by_role("button", name="Send").last)
    follow(page.get_by_role("link", name="Finish now"))
    expect(page.get_by_text("A person will call you")).to_be_visible()
    return page


def press(page: Page, name: str) -> None:
    follow(page.get_by_role("button", name=name, exact=True))


def test_somebody_asks_changes_their_mind_and_closes_the_page(open_page: OpenPage) -> None:
    page = sent(open_page)
    address = page.url
    press(page, "Call me sooner")
    expect(page.get_by_text("You asked us to call sooner")).to_be_visible()
    press(page, "E-mail me a copy")
    expect(page.get_by_text("You asked for a copy")).to_be_visible()
    page.locator("summary", has_text="Stop contacting me").click()
    press(page, "Stop contacting me")
    expect(page.get_by_text("We have stopped contacting you")).to_be_visible()
    assert not Lead.objects.get().caller.allows(ContactMethod.CALL)
    press(page, "You may contact me again")
    expect(page.get_by_text("A person will call you")).to_be_visible()
    page.locator("summary", has_text="Close this page").click()
    press(page, "Close this page for good")
    page.goto(address)
    expect(page.get_by_role("heading", name="We cannot find that page")).to_be_visible()


def test_somebody_gives_another_number_and_a_safe_time(open_page: OpenPage) -> None:
    page = sent(open_page)
    follow(page.get_by_role("link", name="Change my number or safe times"))
    page.get_by_label("Phone number").fill("07700 900777")
    page.get_by_label("Send a text").check()
    page.get_by_label("When is it safe to contact you?").fill("After 9 in the evening")
    press(page, "Save")
    expect(page.get_by_text("A person will text you")).to_be_visible()
    caller = Lead.objects.get().caller
    assert (caller.phone, caller.safe_times) == ("07700 900777", "After 9 in the evening")


def test_it_gets_worse_and_the_ambulance_comes_first(open_page: OpenPage) -> None:
    page = sent(open_page)
    follow(page.get_by_role("link", name="It has got worse"))
    page.get_by_label("A fit, now or in the last 24 hours").check()
    press(page, "Send")
    expect(page.get_by_role("heading", level=1, name="Call 999 now")).to_be_visible()


def each_page(page: Page, look: Callable[[Page], None]) -> None:
    """Look at the caller's page, at its two forms, and at one with errors."""
    address = page.url
    look(page)
    for form in ("ways", "more"):
        page.goto(f"{address}{form}/")
        look(page)
        follow(page.get_by_role("button", name="Save" if form == "ways" else "Send"))
        expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
        look(page)


def test_every_page_of_it_is_accessible_at_320_pixels(open_page: OpenPage) -> None:
    found: list[str] = []

    def look(page: Page) -> None:
        page.evaluate("scrollTo(0, 0)")
        found.extend(violations(page))
        assert overflow(page) == 0

    page = sent(open_page, scripts=True)  # axe is a script itself
    for details in page.locator("main details").all():
        details.locator("summary").click()
    each_page(page, look)
    assert found == []
