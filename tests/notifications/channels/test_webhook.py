"""Webhooks against receivers on loopback that check signatures themselves."""

import json
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from notifications.channels.base import AddressGone, DeliveryError, Handed, Outgoing
from notifications.channels.webhook import SLACK, STANDARD, TEAMS, Endpoint, send_by_webhook
from tests.notifications.channels.failing import failure
from tests.notifications.patience import IN_TIME, SHORT
from tests.notifications.peers.receiver import OLD_SECRET, SECRET, Receiver, Slack, Teams
from tests.notifications.peers.server import Reply

SECRETS = (SECRET,)
ALERT = Outgoing(
    id="018f0000-0000-7000-8000-000000000001",
    to="",
    subject="An urgent lead waits",
    text="7KX3-9QF2: call within 30 minutes.\nNow.\n",
    kind="URGENT_LEAD_ALERT",
    reference="7KX3-9QF2",
    level="U1",
    link="https://help.example/desk/leads/7KX3-9QF2/",
    queued_at=datetime(2027, 3, 1, 12, tzinfo=UTC),
)


@pytest.fixture
def receiver(serve: Any) -> Receiver:
    return serve(Receiver)


def to(receiver: Receiver, secrets: tuple[str, ...] = SECRETS, shape: str = STANDARD) -> Outgoing:
    return replace(ALERT, to=Endpoint(f"{receiver.url}/hook", secrets, shape).write())


def test_a_signed_message_arrives(receiver: Receiver) -> None:
    receiver.then("ok")
    assert send_by_webhook(to(receiver)) == Handed(ALERT.id)
    assert receiver.asked[0].headers["webhook-id"] == ALERT.id
    assert receiver.bodies() == [
        {
            "type": "urgent_lead_alert",
            "timestamp": "2027-03-01T12:00:00+00:00",
            "data": {
                "subject": ALERT.subject,
                "text": ALERT.text,
                "reference": "7KX3-9QF2",
                "level": "U1",
                "link": ALERT.link,
            },
        }
    ]


def test_another_try_has_the_same_id_and_the_same_body(receiver: Receiver) -> None:
    receiver.then("ok", "ok")
    send_by_webhook(to(receiver))
    send_by_webhook(to(receiver))
    first, second = receiver.asked
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


@pytest.mark.parametrize("believes", [SECRET, OLD_SECRET])
def test_while_secrets_change_the_receiver_may_believe_either(receiver: Receiver, believes: str) -> None:
    receiver.secret = believes
    receiver.then("ok")
    send_by_webhook(to(receiver, (SECRET, OLD_SECRET)))
    assert receiver.asked[0].headers["webhook-signature"].count("v1,") == 2


@pytest.mark.parametrize(("days", "believed"), [(6.99, {SECRET, OLD_SECRET}), (7.01, {SECRET})])
def test_an_old_secret_signs_for_a_week_beside_the_new_one(
    receiver: Receiver, days: float, believed: set[str]
) -> None:
    at = datetime.now(UTC)
    endpoint = Endpoint(f"{receiver.url}/hook", (OLD_SECRET,)).renewed(SECRET, at)
    later = at + timedelta(days=days)
    receiver.ahead = timedelta(days=days).total_seconds()
    for receiver.secret in (SECRET, OLD_SECRET):
        receiver.then("ok")
        with suppress(DeliveryError):
            send_by_webhook(replace(ALERT, to=endpoint.write(), tried_at=later))
            believed.remove(receiver.secret)
    assert believed == set()
    receiver.faults.clear()


def test_a_receiver_that_does_not_believe_us_is_tried_again(receiver: Receiver) -> None:
    receiver.then("ok")
    error = failure(send_by_webhook, to(receiver, (OLD_SECRET,)))
    assert (error.reason, error.permanent) == ("HTTP 401", False)
    assert receiver.faults == ["wrong: wrong signature"]
    receiver.faults.clear()


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_only_2xx_is_success(receiver: Receiver, status: int) -> None:
    receiver.then(Reply(status))
    send_by_webhook(to(receiver))


@pytest.mark.parametrize("status", [301, 302, 308, 400, 403, 404, 405, 422, 500])
def test_anything_else_is_tried_again(receiver: Receiver, status: int) -> None:
    receiver.then(Reply(status, headers={"Location": receiver.url}))
    error = failure(send_by_webhook, to(receiver))
    assert (error.reason, error.permanent) == (f"HTTP {status}", False)


def test_a_receiver_that_says_gone_is_gone(receiver: Receiver) -> None:
    receiver.then(Reply(410))
    assert isinstance(failure(send_by_webhook, to(receiver)), AddressGone)


def test_a_receiver_that_is_busy_says_for_how_long(receiver: Receiver) -> None:
    receiver.then(Reply(429, headers={"Retry-After": "120"}))
    assert failure(send_by_webhook, to(receiver)).retry_after == 120


@pytest.mark.parametrize("word", ["hang", "drip"])
def test_a_slow_receiver_is_left_in_time(receiver: Receiver, settings: Any, word: str) -> None:
    settings.WEBHOOK_TIMEOUT = SHORT
    receiver.then(word)
    began = time.monotonic()
    assert failure(send_by_webhook, to(receiver)).ambiguous
    assert time.monotonic() - began < IN_TIME


def test_a_webhook_does_not_lead_into_our_own_network(receiver: Receiver, settings: Any) -> None:
    settings.OUTGOING_LOOPBACK = False
    error = failure(send_by_webhook, to(receiver))
    assert (error.reason, error.permanent) == ("AddressRefused", True)
    assert receiver.asked == []


@pytest.mark.parametrize(
    "written",
    [
        "",
        "{}",
        "[]",
        "https://example.org/",
        Endpoint("https://example.org/", SECRETS, "pigeon").write(),
        Endpoint("https://example.org/").write(),
        Endpoint("https://example.org/", ("",)).write(),
        Endpoint("http://example.org/", SECRETS).write(),
    ],
)
def test_what_is_no_endpoint_is_refused(written: str) -> None:
    error = failure(send_by_webhook, replace(ALERT, to=written))
    assert (error.reason, error.permanent) == ("InvalidAddress", True)


UNUSABLE = "whsec_no base64"


def test_a_secret_that_is_none_leaves_the_other_one(receiver: Receiver) -> None:
    receiver.then("ok", "ok")
    send_by_webhook(to(receiver, (UNUSABLE, SECRET)))
    send_by_webhook(to(receiver, (SECRET, "whsec_")))
    assert [asked.headers["webhook-signature"].count("v1,") for asked in receiver.asked] == [1, 1]


def test_with_no_usable_secret_nothing_is_sent_and_the_address_is_to_be_put_right(receiver: Receiver) -> None:
    error = failure(send_by_webhook, to(receiver, (UNUSABLE,)))
    assert (error.reason, error.permanent, receiver.asked) == ("UnusableSecret", True, [])


# --- Slack and Teams


def test_slack_gets_words_that_cannot_ping_a_channel(serve: Any) -> None:
    slack: Slack = serve(Slack)
    slack.then("ok")
    send_by_webhook(replace(to(slack, (), SLACK), subject="<!channel> & more"))
    (body,) = slack.bodies()
    assert body["text"] == "*&lt;!channel&gt; &amp; more*\n7KX3-9QF2: call within 30 minutes.\nNow."
    assert "webhook-signature" not in slack.asked[0].headers


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_slack_channel_that_is_gone_is_gone(serve: Any, status: int) -> None:
    slack: Slack = serve(Slack)
    slack.then(Reply(status, b"no_service"))
    assert isinstance(failure(send_by_webhook, to(slack, (), SLACK)), AddressGone)


@pytest.mark.parametrize("shape", [SLACK, TEAMS])
@pytest.mark.parametrize(("status", "permanent"), [(400, True), (413, True), (429, False), (500, False)])
def test_what_they_will_never_take_is_permanent(
    serve: Any, shape: str, status: int, *, permanent: bool
) -> None:
    receiver: Receiver = serve(Slack)
    receiver.then(Reply(status, b"invalid_payload"))
    assert failure(send_by_webhook, to(receiver, (), shape)).permanent is permanent


def test_teams_gets_a_card_with_the_link(serve: Any) -> None:
    teams: Teams = serve(Teams)
    teams.then("ok", "ok")
    send_by_webhook(to(teams, (), TEAMS))
    send_by_webhook(replace(to(teams, (), TEAMS), link=""))
    cards = [body["attachments"][0]["content"] for body in teams.bodies()]
    assert [block["text"] for block in cards[0]["body"]] == [
        ALERT.subject,
        "7KX3-9QF2: call within 30 minutes.\n\nNow.",
    ]
    assert cards[0]["actions"][0]["url"] == ALERT.link
    assert "actions" not in cards[1]


def test_an_endpoint_is_read_as_it_was_written() -> None:
    endpoint = Endpoint("https://example.org/hook", (SECRET, OLD_SECRET), STANDARD)
    assert Endpoint.read(endpoint.write()) == endpoint
    assert set(json.loads(endpoint.write())) == {"url", "secrets", "shape"}
    renewed = endpoint.renewed("plain", datetime(2027, 3, 1, 12, tzinfo=UTC))
    assert Endpoint.read(renewed.write()) == renewed
