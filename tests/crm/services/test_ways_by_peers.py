"""Browsers and webhooks from the page to an alert, with peers that check what they are sent."""

import json
from typing import Any

import pytest
from django.test import Client

from crm.enums import Level, LossOfWay
from crm.models import Site, StaffChannel, User
from crm.selectors.ways import ways_to
from crm.services.alerts import alert_staff
from jobs.clock import database_now
from notifications.channels.push import public_key
from notifications.enums import ChannelName, MessageKind, MessageState
from notifications.models import Message
from tests.clock import DatabaseClock
from tests.factories import LeadFactory, ShiftFactory
from tests.notifications.peers.push import PushService
from tests.notifications.peers.receiver import Receiver, Slack, Teams
from tests.notifications.peers.server import Reply
from tests.notifications.work import settle

PUSH = ChannelName.PUSH
KEY = "wafADHAgsljC2ACzRtjsPxXz4BUzEpA8_-1uCAjmal0"  # of no installation
PAGE = "/desk/my-alerts/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def service(serve: Any, settings: Any, database_clock: DatabaseClock) -> PushService:
    provider: PushService = serve(PushService)
    settings.PUSH_CHANNEL, settings.VAPID_PRIVATE_KEY = "vapid", KEY
    settings.VAPID_SUBJECT = "mailto:desk@help.example"
    database_clock.stop()
    return provider


def sent(clock: DatabaseClock, **which: Any) -> Message:
    return settle(Message.objects.filter(channel=PUSH, **which).latest("created_at"), clock)


def proven(desk: Client, user: User, service: PushService, clock: DatabaseClock) -> StaffChannel:
    """Add the browser behind the service and type in the code that it shows."""
    service.then("ok")
    desk.post(f"{PAGE}browsers/", {"subscription": service.subscription(), "name": "Firefox on Linux"})
    assert sent(clock, kind=MessageKind.WAY_CODE).state == MessageState.SENT
    way = StaffChannel.objects.get(user=user)
    code = service.shown[-1]["title"].removeprefix("Your code: ")
    desk.post(f"{PAGE}{way.pk}/code/", {"code": code})
    return way


def test_the_page_gives_the_key_that_its_messages_are_signed_with(desk: Client, service: PushService) -> None:
    assert f'data-push-key="{public_key()}"' in desk.get(PAGE).content.decode()


def test_the_code_that_the_browser_shows_opens_the_way_to_alerts(
    desk: Client, coordinator: User, site: Site, service: PushService, database_clock: DatabaseClock
) -> None:
    proven(desk, coordinator, service, database_clock)
    ShiftFactory(site=site, user=coordinator)
    lead = LeadFactory(site=site, level=Level.E1)
    service.then("ok")
    alert_staff(lead=lead, key="k", at=database_now())
    assert sent(database_clock, about=lead.pk).state == MessageState.SENT
    shown = service.shown[-1]
    assert shown["title"].startswith(f"Urgent lead {lead.reference}")
    assert "/ack/" in shown["answer"]


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_ended_its_subscription_is_not_used_again_and_the_person_knows(
    desk: Client,
    coordinator: User,
    service: PushService,
    database_clock: DatabaseClock,
    status: int,
) -> None:
    way = proven(desk, coordinator, service, database_clock)
    service.then(Reply(status))
    desk.post(f"{PAGE}test/")
    assert sent(database_clock, kind=MessageKind.WAY_TEST).state == MessageState.FAILED
    way.refresh_from_db()
    assert way.lost_why == LossOfWay.GONE
    assert PUSH not in ways_to([coordinator])[coordinator]
    told = Message.objects.get(kind=MessageKind.WAY_LOST)
    assert (told.to, told.context["way"]) == (coordinator.email, "push")
    assert "nobody is at that address any more" in desk.get(PAGE).content.decode()


@pytest.mark.parametrize(("kind", "shape"), [(Slack, "slack"), (Teams, "teams"), (Receiver, "standard")])
def test_a_webhook_gets_its_code_in_the_shape_that_it_takes(
    desk: Client,
    coordinator: User,
    serve: Any,
    settings: Any,
    database_clock: DatabaseClock,
    kind: type[Receiver],
    shape: str,
) -> None:
    receiver = serve(kind)
    settings.WEBHOOK_CHANNEL = "https"
    database_clock.stop()
    desk.post(f"{PAGE}webhooks/", {"url": f"{receiver.url}/hook", "shape": shape})
    way = StaffChannel.objects.get(user=coordinator)
    if shape == "standard":
        receiver.secret = json.loads(way.address)["secrets"][0]
    receiver.then("ok")
    message = settle(Message.objects.get(kind=MessageKind.WAY_CODE), database_clock)
    assert message.state == MessageState.SENT
    code = message.context["code"]
    assert code in json.dumps(receiver.bodies()[0])
    desk.post(f"{PAGE}{way.pk}/code/", {"code": code})
    assert ways_to([coordinator])[coordinator][ChannelName.WEBHOOK] == (way.address,)
