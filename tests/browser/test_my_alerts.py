"""My alerts in a browser: a number without scripts, and a browser that shows a push message and answers."""

import json
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from crm.alert_words import answer_to
from crm.came_tokens import came_token
from crm.models import Site, StaffChannel, User, WayCheck
from crm.services.staff_ways import add_webhook
from crm.services.way_checks import try_own_ways
from crm.services.way_codes import send_code
from jobs.clock import database_now
from notifications.enums import Acknowledgement, ChannelName
from notifications.models import Escalation, Message
from tests.browser.axe import overflow, violations
from tests.browser.conftest import NARROW, OpenPage
from tests.browser.going import follow
from tests.browser.pushing import shown_after, worker_of
from tests.browser.signed_in import sign_in
from tests.browser.test_alerts import alerted
from tests.browser.test_desk_accessibility import fine
from tests.browser.waiting import wait_until
from tests.factories import StaffChannelFactory

PAGE = "/desk/my-alerts/"
KEY = "wafADHAgsljC2ACzRtjsPxXz4BUzEpA8_-1uCAjmal0"  # of no installation
ENDPOINT = "https://push.example/a-subscription"
# No push service answers here: the browser's own subscribe() is stood in for, and nothing of ours.
SUBSCRIBES = f"""
  const given = {{ endpoint: "{ENDPOINT}", keys: {{ p256dh: "a-key", auth: "a-secret" }} }};
  PushManager.prototype.subscribe = async (options) => {{
    window.name = options.applicationServerKey.length + " " + options.userVisibleOnly;
    return {{ toJSON: () => given }};
  }};
"""


@pytest.fixture(autouse=True)
def every_channel(settings: Any) -> None:
    settings.SMS_CHANNEL = settings.VOICE_CHANNEL = settings.PUSH_CHANNEL = "file"
    settings.WEBHOOK_CHANNEL = "file"
    settings.VAPID_PRIVATE_KEY = KEY


def opened(open_page: OpenPage, user: User, **options: Any) -> Page:
    client = Client()
    client.force_login(user)
    page = open_page("/accessibility/", **options)
    sign_in(page, client)
    page.goto(PAGE)
    return page


def test_it_is_accessible_with_every_kind_of_way_and_result(
    open_page: OpenPage, centre: Site, coordinator: User
) -> None:
    at = database_now()
    StaffChannelFactory(user=coordinator)
    StaffChannelFactory(user=coordinator, channel=ChannelName.VOICE, failing_since=at)
    add_webhook(user=coordinator, url="https://hooks.example/1", shape="standard", at=at)
    unproven = [StaffChannelFactory(user=coordinator, verified_at=None) for _ in range(2)]
    send_code(way=unproven[0], at=at)
    try_own_ways(user=coordinator, at=at)
    Message.objects.filter(channel=ChannelName.VOICE).update(state="FAILED", failed_at=at, why="Twilio 21211")
    page = opened(open_page, coordinator)
    expect(page.locator("#own-ways")).to_contain_text("did not go out")
    page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
    assert fine(page) == []


@pytest.mark.parametrize("viewport", [None, NARROW])
def test_a_new_secret_is_shown_and_the_page_stays_accessible(
    open_page: OpenPage, centre: Site, coordinator: User, viewport: Any
) -> None:
    way = add_webhook(user=coordinator, url="https://hooks.example/1", shape="standard", at=database_now())
    page = opened(open_page, coordinator, viewport=viewport) if viewport else opened(open_page, coordinator)
    follow(page.get_by_role("button", name="New secret"))
    way.refresh_from_db()
    expect(page.locator(".own-ways__secret")).to_have_text(json.loads(way.address)["secrets"][0])
    expect(page.locator("#own-ways")).to_contain_text("with the old one, too")
    assert fine(page) == []


def test_a_number_is_added_and_proven_on_a_small_phone_without_scripts(
    open_page: OpenPage, centre: Site, coordinator: User
) -> None:
    page = opened(open_page, coordinator, viewport=NARROW, java_script_enabled=False)
    page.get_by_role("textbox", name="Phone number").fill("07700 900123")
    follow(page.get_by_role("button", name="Send me a code"))
    page.get_by_label("Six digits").fill(Message.objects.get().context["code"])
    follow(page.get_by_role("button", name="Use it"))
    expect(page.locator("main")).to_contain_text("Alerts go there from now on")
    assert StaffChannel.in_use(user=coordinator).get().address == "+447700900123"


def test_an_error_is_said_at_its_field(open_page: OpenPage, centre: Site, coordinator: User) -> None:
    page = opened(open_page, coordinator)
    page.get_by_role("textbox", name="Phone number").fill("12")
    follow(page.get_by_role("button", name="Send me a code"))
    expect(page.locator(".error-summary")).to_be_focused()
    assert fine(page) == []


def test_the_list_follows_a_test_by_itself(open_page: OpenPage, centre: Site, coordinator: User) -> None:
    page = opened(open_page, coordinator)
    follow(page.get_by_role("button", name="Test my alerts"))
    expect(page.locator("#own-ways")).to_contain_text("on its way")
    Message.objects.update(state="FAILED", failed_at=database_now(), why="SMTP 550")
    expect(page.locator("#own-ways")).to_contain_text("did not go out")


def test_the_link_in_a_test_works_on_a_small_phone_without_scripts(
    open_page: OpenPage, centre: Site, coordinator: User
) -> None:
    check = try_own_ways(user=coordinator, at=database_now())[0]
    page = open_page(f"/came/{came_token(check.pk)}/", NARROW, java_script_enabled=False)
    follow(page.get_by_role("button", name="Yes, it came"))
    expect(page.locator("h1")).to_have_text("Noted: it came")
    assert WayCheck.objects.get().confirmed_at is not None


def test_its_page_is_accessible(open_page: OpenPage, centre: Site, coordinator: User) -> None:
    check = try_own_ways(user=coordinator, at=database_now())[0]
    page = open_page(f"/came/{came_token(check.pk)}/", NARROW)
    assert (violations(page), overflow(page)) == ([], 0)


def subscribed(open_page: OpenPage, user: User) -> Page:
    page = opened(open_page, user, permissions=["notifications"])
    page.add_init_script(SUBSCRIBES)
    page.reload()
    follow(page.get_by_role("button", name="Tell me in this browser"))
    return page


def test_a_browser_subscribes_with_our_key_and_has_to_prove_it(
    open_page: OpenPage, centre: Site, coordinator: User
) -> None:
    page = subscribed(open_page, coordinator)
    assert page.evaluate("window.name") == "65 true"  # a point of P-256, uncompressed
    way = StaffChannel.objects.get(user=coordinator)
    assert json.loads(way.address)["endpoint"] == ENDPOINT
    assert (way.verified_at, way.name.startswith("Chrome")) == (None, True)
    expect(page.get_by_label("Six digits")).to_be_visible()


def pushed(page: Page, said: dict[str, str]) -> list[dict[str, Any]]:
    """Have the browser deliver a push message to its service worker, as its push service would."""
    devtools = page.context.new_cdp_session(page)
    found: list[str] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda news: found.extend(each["registrationId"] for each in news["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    wait_until(page, lambda: bool(found))
    origin = page.evaluate("location.origin")
    message = {"origin": origin, "registrationId": found[-1], "data": json.dumps(said)}
    return shown_after(page, lambda: devtools.send("ServiceWorker.deliverPushMessage", message))


TAP = """
  async () => {
    const [notification] = await self.registration.getNotifications();
    self.dispatchEvent(new NotificationEvent("notificationclick", { notification, action: "have" }));
  }
"""


def test_a_push_message_is_shown_and_one_tap_answers_it(
    open_page: OpenPage, centre: Site, coordinator: User
) -> None:
    page = subscribed(open_page, coordinator)
    lead = alerted(centre, seconds_ago=30)
    chain = Escalation.objects.get()
    answer = answer_to(chain, coordinator, database_now())["answer_push"]
    path = "/ack/" + answer.partition("/ack/")[2]
    there = page.evaluate("location.origin")
    said = {"id": "1", "title": f"Urgent lead {lead.reference}", "body": "Call now.", "topic": "t"}
    (notification,) = pushed(page, said | {"link": f"{there}/desk/", "answer": f"{there}{path}"})
    assert (notification["title"], notification["body"]) == (said["title"], "Call now.")
    assert notification["actions"] == ["I have it"]
    shown_after(page, lambda: worker_of(page).evaluate(TAP))
    chain.refresh_from_db()
    assert (chain.acknowledged_by, chain.how) == (coordinator.pk, Acknowledgement.PUSH)


def test_what_is_no_alert_has_no_button(open_page: OpenPage, centre: Site, coordinator: User) -> None:
    page = subscribed(open_page, coordinator)
    (notification,) = pushed(
        page, {"id": "2", "title": "TEST of your alerts", "body": "Nobody.", "answer": ""}
    )
    assert (notification["title"], notification["actions"]) == ("TEST of your alerts", [])
