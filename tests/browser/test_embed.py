"""The form in a frame of another website: its height, its links, its way out."""

import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from crm.models import Lead, Site
from tests.browser.axe import overflow, violations
from tests.browser.conftest import EXIT, NARROW, OpenPage
from tests.browser.waiting import requests_in_hand, wait_for_the_server, wait_until

AROUND = """<!doctype html><html lang="en"><title>Clinic</title><h1>Our clinic</h1>
<iframe src="{us}/embed/urgent/" title="Ask for help" data-threshold height="300" style="width:100%"></iframe>
<script src="{us}/static/embed.js" defer></script>"""
FITS = "document.documentElement.scrollHeight - window.innerHeight <= 1"
# Whoever listened before has heard it, too, when it comes back to us.
LIE = """() => new Promise(heard => {
  window.addEventListener("message", ({ data }) => { if (data.thresholdHeight === 9999) heard(); });
  window.postMessage({ thresholdHeight: 9999 }, "*");
})"""


@pytest.fixture
def clinic(live_server: LiveServer) -> Iterator[str]:
    """The origin of the clinic's own website, which shows our form in a frame."""

    class Website(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(AROUND.format(us=live_server.url).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Website) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"  # ours is at "localhost": another origin
        server.shutdown()


@pytest.fixture
def website(browser: Browser, clinic: str, centre: Site, settings: Any) -> Iterator[Page]:
    settings.EMBED_PARENTS = ["https://other.example", clinic]
    before = requests_in_hand()
    context = browser.new_context(viewport=NARROW)
    weather = "<title>Weather</title>"
    context.route(f"{EXIT}**", lambda route: route.fulfill(content_type="text/html", body=weather))
    page = context.new_page()
    page.goto(f"{clinic}/contact/?utm_source=leaflet")
    yield page
    context.close()
    wait_for_the_server(before=before)


def inside(website: Page) -> FrameLocator:
    return website.frame_locator("iframe")


def grown(website: Page) -> None:
    """Wait until the frame is as high as the form in it, which both pages learn of step by step."""
    website.wait_for_function("document.querySelector('iframe').clientHeight > 600")
    wait_until(website, lambda: website.frames[1].evaluate(FITS))


def test_the_frame_grows_to_the_form(website: Page) -> None:
    expect(inside(website).get_by_label("Phone number")).to_be_visible()
    grown(website)


def test_a_stranger_cannot_make_it_grow(website: Page) -> None:
    grown(website)
    before = website.evaluate("document.querySelector('iframe').clientHeight")
    website.evaluate(LIE)
    assert website.evaluate("document.querySelector('iframe').clientHeight") == before


def test_what_is_sent_goes_on_in_the_whole_window(website: Page) -> None:
    form = inside(website)
    expect(form.locator("form").first).to_have_attribute("action", re.compile("utm_source=leaflet"))
    form.get_by_label("Me", exact=True).check()
    form.get_by_label("In your own words").fill("help")
    form.get_by_label("Phone number").fill("07700 900123")
    form.get_by_role("button", name="Send").first.click()
    website.wait_for_url(lambda url: "localhost" in url)
    lead = Lead.objects.get()
    assert (lead.source, lead.landing) == ("leaflet", "/embed/urgent/")


def test_what_is_typed_before_the_script_of_the_website_has_come_stays(website: Page) -> None:
    scripts: list[Route] = []

    def hold(script: Route) -> None:
        scripts.append(script)

    website.route("**/embed.js", hold)
    website.reload(wait_until="commit")
    words = inside(website).get_by_label("In your own words")
    words.fill("I am shaking.")
    wait_until(website, lambda: bool(scripts))
    for script in scripts:
        script.continue_()
    expect(inside(website).locator("form").first).to_have_attribute("action", re.compile("leaflet"))
    expect(words).to_have_value("I am shaking.")


def test_the_button_leaves_with_the_whole_window(website: Page) -> None:
    inside(website).locator(".exit").click()
    expect(website).to_have_url(EXIT)


def test_shift_in_the_frame_leaves_with_the_whole_window(website: Page) -> None:
    inside(website).get_by_label("In your own words").click()
    for _ in range(3):
        website.keyboard.press("Shift")
    expect(website).to_have_url(EXIT)


def test_another_website_cannot_frame_it(website: Page, settings: Any) -> None:
    settings.EMBED_PARENTS = ["https://other.example"]
    website.reload()
    expect(inside(website).get_by_label("Phone number")).to_have_count(0)


def test_the_page_in_the_frame_is_accessible(open_page: OpenPage) -> None:
    page = open_page("/embed/urgent/", NARROW)
    assert violations(page) == []
    assert overflow(page) == 0
