"""Web push against a push service on loopback, which decrypts as a browser does."""

import json
import time
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from notifications.channels.base import AddressGone, Handed, Outgoing
from notifications.channels.push import Subscription, public_key, send_by_push, topic_header
from tests.notifications.channels.failing import failure
from tests.notifications.patience import IN_TIME, SHORT
from tests.notifications.peers.push import LOCATION, PushService, decode
from tests.notifications.peers.server import Reply


@pytest.fixture
def service(serve: Any, settings: Any) -> PushService:
    made = StringIO()
    call_command("push_key", stdout=made)
    settings.VAPID_PRIVATE_KEY = made.getvalue().strip()
    settings.VAPID_SUBJECT = "mailto:admin@threshold.example"
    provider: PushService = serve(PushService)
    return provider


@pytest.fixture
def alert(service: PushService) -> Outgoing:
    return Outgoing(
        id="018f0000-0000-7000-8000-000000000001",
        to=service.subscription(),
        subject="An urgent lead waits – 7KX3-9QF2",
        text="Call within 30 minutes.\n",
        link="https://help.example/desk/leads/7KX3-9QF2/",
        topic="lead:7KX3-9QF2",
        answer_to="https://help.example/ack/push.token/",
        useful_for=600,
    )


def test_a_message_reaches_the_browser_word_for_word(service: PushService, alert: Outgoing) -> None:
    service.then("ok")
    assert send_by_push(alert) == Handed(LOCATION)
    assert service.shown == [
        {
            "id": alert.id,
            "title": alert.subject,
            "body": "Call within 30 minutes.",
            "link": alert.link,
            "topic": alert.topic,
            "answer": "https://help.example/ack/push.token/",
        }
    ]


def test_it_is_urgent_for_as_long_as_it_is_of_use_and_replaces_the_one_before(
    service: PushService, alert: Outgoing
) -> None:
    service.then("ok", "ok", "ok")
    for topic in (alert.topic, alert.topic, "lead:2MB4-7TTT"):
        send_by_push(replace(alert, topic=topic))
    first, second, other = (asked.headers for asked in service.asked)
    assert (first["Urgency"], first["TTL"]) == ("high", "600")
    assert first["Topic"] == second["Topic"] == topic_header(alert.topic) != other["Topic"]
    assert "7KX3" not in first["Topic"]


def test_without_a_topic_it_replaces_nothing(service: PushService, alert: Outgoing) -> None:
    service.then("ok")
    send_by_push(replace(alert, topic=""))
    assert "Topic" not in service.asked[0].headers


def test_nothing_can_be_read_on_the_way(service: PushService, alert: Outgoing) -> None:
    service.then("ok")
    send_by_push(alert)
    assert b"7KX3" not in service.asked[0].body
    assert b"Call" not in service.asked[0].body


@pytest.mark.parametrize("text", ["x" * 5000, "ä" * 5000, "中" * 5000, "🚑" * 5000, '"\\' * 2500])
def test_a_long_text_is_cut_to_what_a_push_holds(service: PushService, alert: Outgoing, text: str) -> None:
    service.then("ok")
    host = "https://help.a-very-long-name-of-a-charity-for-recovery.example.org"
    links = {"link": f"{host}/desk/leads/7KX3-9QF2/", "answer_to": f"{host}/ack/{'t' * 92}/"}
    send_by_push(replace(alert, text=text, subject="中" * 100, **links))
    assert text.startswith(service.shown[0]["body"])
    assert service.shown[0]["body"]


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_has_ended_is_gone(service: PushService, alert: Outgoing, status: int) -> None:
    service.then(Reply(status))
    error = failure(send_by_push, alert)
    assert isinstance(error, AddressGone)
    assert error.reason == f"HTTP {status}"


@pytest.mark.parametrize(
    ("status", "permanent", "unsure"),
    [(400, True, False), (413, True, False), (401, False, False), (403, False, False), (500, False, True)],
)
def test_only_what_is_wrong_with_the_message_is_permanent(
    service: PushService, alert: Outgoing, status: int, *, permanent: bool, unsure: bool
) -> None:
    service.then(Reply(status))
    error = failure(send_by_push, alert)
    assert (error.permanent, error.ambiguous) == (permanent, unsure)
    assert not isinstance(error, AddressGone)


def test_too_many_messages_are_put_off(service: PushService, alert: Outgoing) -> None:
    service.then(Reply(429, headers={"Retry-After": "30"}))
    error = failure(send_by_push, alert)
    assert (error.permanent, error.retry_after) == (False, 30)


def test_a_slow_service_is_left_in_time(service: PushService, alert: Outgoing, settings: Any) -> None:
    settings.OUTGOING_TIMEOUT = SHORT
    service.then("hang")
    began = time.monotonic()
    assert failure(send_by_push, alert).ambiguous
    assert time.monotonic() - began < IN_TIME


def test_a_subscription_does_not_lead_into_our_own_network(
    service: PushService, alert: Outgoing, settings: Any
) -> None:
    settings.OUTGOING_LOOPBACK = False
    error = failure(send_by_push, alert)
    assert (error.reason, error.permanent) == ("AddressRefused", True)


@pytest.mark.parametrize(
    "to",
    [
        "",
        "[]",
        "{}",
        '{"endpoint": "https://push.example/1"}',
        '{"endpoint": "https://push.example/1", "keys": []}',
        '{"endpoint": "http://127.0.0.1/", "keys": {"p256dh": "", "auth": ""}}',
    ],
)
def test_what_is_no_subscription_is_refused(service: PushService, alert: Outgoing, to: str) -> None:
    error = failure(send_by_push, replace(alert, to=to))
    assert (error.reason, error.permanent) == ("InvalidAddress", True)


@pytest.mark.parametrize("key", ["", "AAAA", "*", "BA" + "A" * 85])
def test_a_key_that_is_no_point_of_the_curve_is_refused(
    service: PushService, alert: Outgoing, key: str
) -> None:
    error = failure(send_by_push, replace(alert, to=service.subscription(p256dh=key)))
    assert (error.reason, error.permanent) == ("InvalidAddress", True)


def test_a_subscription_is_written_as_browsers_write_it(service: PushService) -> None:
    read = Subscription.read(service.subscription())
    assert Subscription.read(read.write()) == read
    assert json.loads(read.write())["keys"].keys() == {"p256dh", "auth"}


def test_browsers_subscribe_with_the_public_half_of_our_key(service: PushService, alert: Outgoing) -> None:
    service.then("ok")
    send_by_push(alert)
    assert service.asked[0].headers["Authorization"].endswith(f"k={public_key()}")
    assert len(decode(public_key())) == 65
