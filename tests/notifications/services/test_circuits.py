"""A way on which several messages failed is left alone for a while; then one message finds out."""

from typing import Any

import pytest

from notifications.enums import ChannelName, DeliveryOutcome, MessageKind, MessageState, Why
from notifications.models import Circuit, Delivery, Message
from notifications.services.outbox import Way
from tests.clock import DatabaseClock
from tests.notifications.conftest import QueueAlert
from tests.notifications.peers.server import Reply
from tests.notifications.peers.twilio import Twilio
from tests.notifications.smtp import FakeSmtp
from tests.notifications.work import job_of, settle, try_once

pytestmark = pytest.mark.django_db

TEXT = Way(ChannelName.SMS, "+447700900123")
DOWN = 1  # a port on which nobody listens


@pytest.fixture(autouse=True)
def clock(database_clock: DatabaseClock) -> DatabaseClock:
    database_clock.stop()
    return database_clock


@pytest.fixture
def routine(queue_alert: QueueAlert) -> QueueAlert:
    """Return a function that queues a message that is not urgent."""
    return lambda **changes: queue_alert(kind=MessageKind.TEST, context={}, **changes)


@pytest.fixture
def no_mail(smtp: FakeSmtp, routine: QueueAlert, settings: Any) -> list[Message]:
    """Messages that opened the circuit of e-mail."""
    settings.EMAIL_PORT = DOWN
    return [try_once(routine()) for _ in range(settings.CIRCUIT["failures"])]


def circuit(name: str = "EMAIL") -> Circuit:
    return Circuit.objects.get(name=name)


def test_it_opens_when_enough_messages_failed(
    smtp: FakeSmtp, routine: QueueAlert, settings: Any, clock: DatabaseClock
) -> None:
    settings.EMAIL_PORT = DOWN
    for _ in range(settings.CIRCUIT["failures"] - 1):
        try_once(routine())
    assert circuit().opened_at is None
    try_once(routine())
    opened = circuit()
    assert (opened.opened_at, opened.reason) == (clock.now(), "ConnectionRefusedError")
    assert (opened.probe_at - clock.now()).total_seconds() == settings.CIRCUIT["pause"]


def test_two_time_outs_open_it_because_everybody_waits_for_them(
    twilio: Twilio, queue_alert: QueueAlert, settings: Any
) -> None:
    settings.OUTGOING_TIMEOUT = 2
    twilio.then("hang", "hang")
    try_once(queue_alert(channel=ChannelName.SMS, to=TEXT.to))
    assert circuit("SMS").opened_at is None
    try_once(queue_alert(channel=ChannelName.SMS, to="+447700900124"))
    assert circuit("SMS").opened_at is not None


def test_one_message_whose_time_is_out_again_and_again_does_not_open_it(
    twilio: Twilio, queue_alert: QueueAlert, settings: Any, clock: DatabaseClock
) -> None:
    settings.OUTGOING_TIMEOUT = 2
    twilio.then("hang", "hang", "hang")  # to the POST, and to the questions whether it was taken
    message = queue_alert(channel=ChannelName.SMS, to=TEXT.to)
    for _ in range(3):
        clock.move_to(max(clock.now(), job_of(message).due_at))
        try_once(message)
    assert circuit("SMS").opened_at is None


def test_failures_long_apart_do_not_open_it(
    smtp: FakeSmtp, routine: QueueAlert, settings: Any, clock: DatabaseClock
) -> None:
    settings.EMAIL_PORT = DOWN
    for _ in range(settings.CIRCUIT["failures"] * 2):
        try_once(routine())
        clock.advance(seconds=settings.CIRCUIT["window"] + 1)
    assert circuit().opened_at is None


def test_one_message_that_fails_again_and_again_does_not_open_it(
    smtp: FakeSmtp, routine: QueueAlert, settings: Any, clock: DatabaseClock
) -> None:
    smtp.then("451")
    settings.CIRCUIT = settings.CIRCUIT | {"window": 3600}
    message = settle(routine(), clock)
    assert message.state == MessageState.FAILED
    assert circuit().opened_at is None


def test_addresses_that_are_refused_do_not_open_it(
    smtp: FakeSmtp, routine: QueueAlert, settings: Any
) -> None:
    smtp.then("rcpt 550")
    for _ in range(settings.CIRCUIT["failures"] + 1):
        try_once(routine())
    assert not Circuit.objects.exists()


def test_while_it_is_open_messages_wait_without_a_try(
    no_mail: list[Message], smtp: FakeSmtp, routine: QueueAlert, settings: Any, clock: DatabaseClock
) -> None:
    settings.EMAIL_PORT = smtp.port
    waiting = try_once(routine())
    assert (waiting.state, waiting.tries, waiting.why) == (MessageState.QUEUED, 0, Why.CIRCUIT_OPEN)
    assert waiting.held_until == circuit().probe_at
    assert job_of(waiting).attempts == 0
    assert smtp.connections == 0
    assert settle(waiting, clock).state == MessageState.SENT


def test_the_next_way_takes_over_at_once(
    no_mail: list[Message], queue_alert: QueueAlert, twilio: Twilio, smtp: FakeSmtp
) -> None:
    twilio.then("ok")
    message = try_once(queue_alert(ways=[TEXT]))
    assert (message.state, message.why, message.tries) == (MessageState.REPLACED, Why.CIRCUIT_OPEN, 0)
    second = try_once(Message.objects.get(instead_of=message))
    assert (second.state, second.possible_duplicate) == (MessageState.SENT, False)


def test_an_urgent_message_without_another_way_tries_all_the_same(
    no_mail: list[Message], queue_alert: QueueAlert, smtp: FakeSmtp, settings: Any
) -> None:
    settings.EMAIL_PORT = smtp.port
    assert try_once(queue_alert()).state == MessageState.SENT
    assert circuit().opened_at is None, "and found out that it works again"


def test_one_message_at_a_time_probes_it(
    no_mail: list[Message], smtp: FakeSmtp, routine: QueueAlert, settings: Any, clock: DatabaseClock
) -> None:
    clock.advance(seconds=settings.CIRCUIT["pause"])
    first, second = try_once(routine()), try_once(routine())
    assert (first.tries, second.tries, second.why) == (1, 0, Why.CIRCUIT_OPEN)
    assert circuit().opened_at is not None, "the probe failed"

    settings.EMAIL_PORT = smtp.port
    clock.advance(seconds=settings.CIRCUIT["pause"])
    assert try_once(routine()).state == MessageState.SENT
    assert (circuit().opened_at, circuit().failures, circuit().times_opened) == (None, 0, 1)
    assert try_once(routine()).state == MessageState.SENT


def test_nothing_is_lost_when_the_way_comes_back(
    no_mail: list[Message], smtp: FakeSmtp, routine: QueueAlert, settings: Any, clock: DatabaseClock
) -> None:
    messages = [*no_mail, *(try_once(routine()) for _ in range(5))]
    settings.EMAIL_PORT = smtp.port
    for message in messages:
        assert settle(message, clock).state == MessageState.SENT
    assert len(smtp.received) == len(messages) == len({each.message_id for each in smtp.received})


def test_a_provider_that_asks_for_time_is_not_probed_before(
    twilio: Twilio, queue_alert: QueueAlert, settings: Any, clock: DatabaseClock
) -> None:
    settings.CIRCUIT = settings.CIRCUIT | {"failures": 1}
    twilio.then(Reply(503, None, {"Retry-After": "300"}))
    try_once(queue_alert(channel=ChannelName.SMS, to=TEXT.to))
    assert (circuit("SMS").probe_at - clock.now()).total_seconds() == 300


def test_one_broken_webhook_does_not_close_those_of_others(
    serve: Any, queue_alert: QueueAlert, settings: Any
) -> None:
    from notifications.channels.webhook import Endpoint
    from tests.notifications.peers.receiver import SECRET, Receiver

    settings.WEBHOOK_CHANNEL = "https"
    settings.CIRCUIT = settings.CIRCUIT | {"failures": 1}
    receiver = serve(Receiver)
    broken = Endpoint("https://nobody.invalid/hook", (SECRET,)).write()
    fine = Endpoint(f"{receiver.url}/hook", (SECRET,)).write()
    receiver.then("ok")
    try_once(queue_alert(channel=ChannelName.WEBHOOK, to=broken))
    assert circuit("WEBHOOK nobody.invalid").opened_at
    assert try_once(queue_alert(channel=ChannelName.WEBHOOK, to=fine)).state == MessageState.SENT


def test_a_name_server_that_does_not_answer_uses_up_no_tries(
    serve: Any, queue_alert: QueueAlert, settings: Any, clock: DatabaseClock
) -> None:
    from notifications.channels.webhook import Endpoint
    from tests.notifications.peers.receiver import SECRET

    settings.WEBHOOK_CHANNEL = "https"
    message = queue_alert(
        channel=ChannelName.WEBHOOK, to=Endpoint("https://nobody.invalid/hook", (SECRET,)).write()
    )
    settle(message, clock, steps=20)
    assert (message.state, message.why) == (MessageState.QUEUED, Why.NO_NETWORK)
    assert (message.uncounted, job_of(message).attempts) == (message.tries, 0)
    assert set(Delivery.objects.values_list("outcome", "reason")) == {
        (DeliveryOutcome.TRANSIENT_ERROR, "gaierror")
    }
