"""Chromium on the running pages. Playwright keeps an event loop, so Django is told that queries are fine."""

import os
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Route,
    expect,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

from crm.models import Site, User
from crm.services.queues import claim_lead
from intake import frame
from intake.services.content import load_shipped_content
from jobs.clock import database_now
from tests.browser.chromium import launch_options
from tests.browser.scenes import (
    answer_every_alert,
    busy_desk,
    busy_phone,
    calls_to_make,
    odd_enquiries,
    what_callers_ask,
)
from tests.browser.signed_in import PHONE, OpenAs, sign_in
from tests.browser.waiting import PATIENCE_MS, requests_in_hand, wait_for_the_server

NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
EXIT = "https://www.bbc.co.uk/weather"

# As the browser says it, and as htmx does when nobody answers: it says so twice.
NO_GOOD_ANSWER = ("status of", "net::ERR", "htmx:sendError", "htmx:afterRequest")

OpenPage = Callable[..., Page]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "screenshots: photographs every page; only for `make screenshots`")
    config.addinivalue_line("markers", "html: asks the Nu checker about every page; only for `make html`")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    unasked = {"screenshots", "html"} - {config.option.markexpr}
    items[:] = [item for item in items if not unasked & {mark.name for mark in item.iter_markers()}]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)  # a busy machine misses the five seconds that it waits by itself
    with sync_playwright() as playwright:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        browser = playwright.chromium.launch(**launch_options())
        yield browser
        browser.close()


@pytest.fixture
def centre(browser: Browser, transactional_db: None, site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """The site that takes the public enquiries, with the content that ships."""
    monkeypatch.setattr(frame._Memory, "latest", None)
    site.is_default = True
    site.save()
    load_shipped_content()
    return site


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer, centre: Site) -> Iterator[OpenPage]:
    """Return a function that opens an address. A request to anywhere else fails the test at its end."""
    before = requests_in_hand()
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(path: str, viewport: dict[str, int] = WIDE, **options: object) -> Page:
        context = browser.new_context(viewport=viewport, base_url=live_server.url, **options)
        contexts.append(context)
        context.route(lambda url: not url.startswith(live_server.url), lambda route: _stay(route, complaints))
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if _is_grave(said) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    wait_for_the_server(before=before)
    assert not complaints


@pytest.fixture
def open_as(open_page: OpenPage, client: Client) -> OpenAs:
    """Return a function that opens an address as somebody, on a phone."""

    def opened(user: User, path: str) -> Page:
        client.force_login(user)
        page = open_page("/healthz", PHONE)
        sign_in(page, client)
        page.goto(path)
        return page

    return opened


@pytest.fixture
def desk(open_page: OpenPage, centre: Site, manager: User, coordinator: User) -> Page:
    """A manager signed in to a busy desk; the second lead is the coordinator's."""
    at = database_now()
    leads = busy_desk(centre, at)
    calls_to_make(leads, coordinator, at)
    what_callers_ask(leads, at)
    odd_enquiries(centre, at)
    claim_lead(lead=leads[1], by=coordinator, at=at)
    answer_every_alert(coordinator, at)
    busy_phone(centre, at)
    client = Client()
    client.force_login(manager)
    page = open_page("/accessibility/")
    sign_in(page, client)
    return page


def _stay(route: Route, complaints: list[str]) -> None:
    """Stand in for the weather; note everything else."""
    if not route.request.url.startswith((EXIT, "data:")):
        complaints.append(f"asked for {route.request.url}")
    route.fulfill(status=200, content_type="text/html", body="<title>Weather</title><h1>Weather</h1>")


def _is_grave(said: ConsoleMessage) -> bool:
    """Errors count, such as a refused script, but not a note that a page answered 4xx, 5xx or not at all."""
    return said.type == "error" and not any(note in said.text for note in NO_GOOD_ANSWER)
