"""A push message in Chromium: what the service worker shows, and what its button and a tap on it do."""

import json
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from crm.models import Lead, Site, User
from crm.services.acknowledging import acknowledge
from crm.services.alerts import alert_staff
from jobs.clock import database_now
from notifications.channels.base import Outgoing
from notifications.channels.push import shown_to_the_browser
from notifications.enums import ChannelName
from notifications.models import Escalation, Message
from notifications.services.rendering import render_message
from tests.browser.conftest import NARROW, OpenPage
from tests.browser.going import follow
from tests.browser.pushing import shown_after, worker_of
from tests.factories import LeadFactory

PUSH = "said => self.dispatchEvent(new PushEvent('push', {data: said}))"
REGISTER = "navigator.serviceWorker.register('/push-worker.js').then(() => navigator.serviceWorker.ready)"
CLICK = """action => self.registration.getNotifications().then(([notification]) =>
    self.dispatchEvent(new NotificationEvent('notificationclick', {notification, action})))"""


@pytest.fixture
def lead(centre: Site, coordinator: User, live_server: LiveServer, settings: Any) -> Lead:
    settings.BASE_URL = live_server.url
    lead: Lead = LeadFactory(site=centre, level="E2")
    alert_staff(lead=lead, key="k", at=database_now())
    return lead


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    """A browser that takes push messages of the desk."""
    page = open_page("/", NARROW, permissions=["notifications"])
    page.evaluate(REGISTER)
    return page


def alert() -> Outgoing:
    message = Message.objects.get()
    message.channel = ChannelName.PUSH
    return render_message(message)


def push(page: Page, outgoing: Outgoing) -> list[dict[str, Any]]:
    said = json.dumps(shown_to_the_browser(outgoing))
    return shown_after(page, lambda: worker_of(page).evaluate(PUSH, said))


def press(page: Page) -> list[dict[str, Any]]:
    return shown_after(page, lambda: worker_of(page).evaluate(CLICK, "have"))


def test_an_alert_is_shown_with_its_button_and_another_about_it_takes_its_place(
    phone: Page, lead: Lead
) -> None:
    for _ in range(2):
        (notification,) = push(phone, alert())
    assert lead.reference in notification["title"]
    assert notification["actions"] == ["I have it"]
    assert "http" not in str(notification)


def test_its_button_answers_and_says_so(phone: Page, lead: Lead, coordinator: User) -> None:
    push(phone, alert())
    (notification,) = press(phone)
    assert notification["title"].startswith(f"You said you have {lead.reference}. Nobody else is")
    assert notification["actions"] == []
    chain = Escalation.objects.get()
    assert (chain.acknowledged_by, chain.how) == (coordinator.pk, "PUSH")


def test_its_button_says_who_was_quicker(phone: Page, lead: Lead, manager: User) -> None:
    push(phone, alert())
    acknowledge(lead=lead, by=manager, at=database_now())
    (notification,) = press(phone)
    assert notification["title"].startswith(f"{lead.reference}: Morgan Manager is seeing to it, and has not")


def test_without_a_connection_the_button_stays(phone: Page, lead: Lead) -> None:
    gone = replace(alert(), answer_to="http://localhost:1/ack/x/")
    push(phone, gone)
    (notification,) = press(phone)
    assert (notification["title"], notification["actions"]) == ("That did not reach us", ["I have it"])
    assert Escalation.objects.get().acknowledged_at is None


def test_a_tap_leads_to_the_page_of_the_answer(phone: Page, lead: Lead) -> None:
    """Chromium opens no window without a finger on the glass, so the page is opened here."""
    link = shown_to_the_browser(alert())["link"]
    phone.goto(link)
    expect(phone.locator("h1")).to_have_text(f"{lead.reference}: do you have it?")
    follow(phone.get_by_role("button", name="I have it"))
    expect(phone.locator("h1")).to_have_text(f"You said you have {lead.reference}")
    assert Escalation.objects.get().how == "PUSH"
