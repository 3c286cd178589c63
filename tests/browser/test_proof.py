"""Over budget, a visitor's device does a sum; without scripts, or before it is done, a person looks first."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Page, expect

from crm.enums import Queue
from crm.models import Lead
from tests.browser.axe import overflow, violations
from tests.browser.conftest import NARROW, OpenPage
from tests.intake.forms.sent import URGENT


@pytest.fixture(autouse=True)
def _used_up(open_page: OpenPage, settings: Any) -> Any:
    """This connection has sent all that it may."""
    settings.BUDGET_PER_ADDRESS = 1
    cache.clear()
    Client().post("/urgent/", URGENT | {"idempotency_key": str(uuid4()), "phone": "07700 900199"})
    yield
    cache.clear()


def send(page: Page) -> str:
    """Send the form, and return the queue in which it ends."""
    page.get_by_label("Me", exact=True).check()
    page.get_by_label("In your own words").fill("help")
    page.get_by_label("Phone number").fill("07700 900123")
    page.get_by_role("button", name="Send").first.click()
    expect(page).not_to_have_url("**/urgent/**")
    return Lead.objects.order_by("-received_at")[0].queue


def test_the_sum_is_done_by_itself_and_the_enquiry_goes_its_way(open_page: OpenPage) -> None:
    page = open_page("/urgent/", NARROW)
    expect(page.get_by_text("Your device has done a short check")).to_be_visible(timeout=90_000)
    assert violations(page) == []
    assert overflow(page) == 0
    assert send(page) == Queue.UNROUTED


def test_without_scripts_a_person_looks_first(open_page: OpenPage) -> None:
    page = open_page("/urgent/", java_script_enabled=False)
    expect(page.get_by_text("A person checks it first")).to_be_visible()
    assert send(page) == Queue.REVIEW
