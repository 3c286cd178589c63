"""What a slow phone has to load, and what a quick finger can do."""

import pytest
from playwright.sync_api import Page, expect

from intake.models import Enquiry
from tests.browser.conftest import NARROW, OpenPage
from tests.intake.views.pages import PUBLIC

MOST = 60_000  # bytes over the wire, everything included
# Slow 3G as browsers emulate it. Name, connection, encryption, page and style sheet: one round trip each.
ROUND_TRIP, BYTES_A_SECOND, ROUND_TRIPS = 0.4, 50_000, 5
SOON = 3  # seconds until a page can be read and used


def weigh(page: Page, path: str) -> tuple[int, list[str]]:
    """Return the bytes received for a page and the addresses asked for."""
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    client.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: list[int] = []
    asked: list[str] = []
    client.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    client.on("Network.requestWillBeSent", lambda event: asked.append(event["request"]["url"]))
    page.goto(path, wait_until="networkidle")
    return sum(sizes), asked


@pytest.mark.parametrize("path", PUBLIC)
def test_a_page_is_light_and_has_one_style_sheet(open_page: OpenPage, path: str) -> None:
    total, asked = weigh(open_page("/accessibility/"), path)
    print(f"{path} {total:,} bytes")
    assert 5_000 < total < MOST
    assert sum(address.endswith(".css") for address in asked) == 1


@pytest.mark.parametrize("path", PUBLIC)
def test_a_page_can_be_used_within_three_seconds_on_slow_3g(open_page: OpenPage, path: str) -> None:
    """By sums of what it waits for, its own bytes and the style sheet's: nobody's clock decides."""
    page = open_page(path, NARROW)
    waits_for = """() => performance.getEntries()
        .filter(each => each.entryType === 'navigation' || each.renderBlockingStatus === 'blocking')
        .map(each => each.encodedBodySize)"""
    sizes = page.evaluate(waits_for)
    assert len(sizes) == 2
    assert ROUND_TRIPS * ROUND_TRIP + sum(sizes) / BYTES_A_SECOND < SOON


def test_a_double_click_on_send_makes_one_enquiry(open_page: OpenPage) -> None:
    page = open_page("/urgent/", NARROW)
    page.get_by_label("Me", exact=True).check()
    page.get_by_label("In your own words").fill("help")
    page.get_by_label("Phone number").fill("07700 900123")
    page.get_by_role("button", name="Send").first.dblclick()
    expect(page).to_have_title("A few more questions - Harbour House")
    assert Enquiry.objects.count() == 1


def test_going_back_after_sending_and_sending_again_makes_one_enquiry(open_page: OpenPage) -> None:
    page = open_page("/urgent/")
    page.get_by_label("Me", exact=True).check()
    page.get_by_label("In your own words").fill("help")
    page.get_by_label("Phone number").fill("07700 900123")
    page.get_by_role("button", name="Send").first.click()
    expect(page).to_have_title("A few more questions - Harbour House")
    page.go_back()
    page.get_by_label("Me", exact=True).check()
    page.get_by_label("In your own words").fill("help")
    page.get_by_label("Phone number").fill("07700 900123")
    page.get_by_role("button", name="Send").first.click()
    expect(page).to_have_title("A few more questions - Harbour House")
    assert Enquiry.objects.count() == 1  # also with the new key of a form that was asked for again
