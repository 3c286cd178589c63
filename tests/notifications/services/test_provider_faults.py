"""Whatever a provider does to one message: it goes out, nobody gets more than one copy, and no other waits.

Each provider is a server on loopback; time is the database's, and moved.
"""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from notifications.enums import ChannelName, MessageKind, MessageState, Why
from notifications.models import Message
from notifications.services.outbox import Way, resend_message
from tests.clock import DatabaseClock
from tests.notifications.conftest import QueueAlert
from tests.notifications.peers.mail_api import KEY, Resend
from tests.notifications.peers.server import Reply
from tests.notifications.peers.twilio import Twilio, refusal
from tests.notifications.smtp import FakeSmtp
from tests.notifications.work import job_of, outcomes, settle, try_once

pytestmark = pytest.mark.django_db

MOBILE = "+447700900123"
BUSY = Reply(429, refusal(20429, 429).said, {"Retry-After": "3"})
BROKEN = Reply(500, refusal(20500, 500).said)
DOWN = Reply(503, None)
MANY = 1000


@pytest.fixture(autouse=True)
def clock(database_clock: DatabaseClock) -> DatabaseClock:
    database_clock.stop()
    return database_clock


def test_what_somebody_sends_again_is_no_second_try_to_the_provider(
    queue_alert: QueueAlert, serve: Any, settings: Any, clock: DatabaseClock
) -> None:
    """Resend answers the key of what it took before with its old answer, and sends nothing."""
    resend = serve(Resend)
    settings.EMAIL_CHANNEL = "resend"
    settings.ANYMAIL = {Resend.setting: KEY, Resend.api_url: f"{resend.url}{Resend.base}"}
    resend.then("lost", "ok", "ok")
    message = try_once(queue_alert())
    clock.move_to(job_of(message).due_at)
    assert try_once(message).state == MessageState.SENT
    Message.objects.update(state=MessageState.FAILED, sent_at=None, failed_at=clock.now())  # it bounced
    resend_message(message=message, at=clock.advance(seconds=60))
    assert try_once(message).state == MessageState.SENT
    first, again, anew = [asked.headers["Idempotency-Key"] for asked in resend.asked]
    assert first == again != anew


@pytest.mark.parametrize(
    ("answers", "first", "texts"),
    [
        ([BROKEN, "ok", "ok"], ("AMBIGUOUS", "Twilio 20500"), 1),  # asked, not there, sent
        ([BUSY, "ok"], ("TRANSIENT_ERROR", "Twilio 20429"), 1),
        ([DOWN, "ok"], ("TRANSIENT_ERROR", "HTTP 503"), 1),
        (["hang", "ok"], ("AMBIGUOUS", "TimeoutError"), 1),  # asked, and there
        (["lost", "ok"], ("AMBIGUOUS", "RemoteDisconnected"), 1),
        (["garbage", "ok"], ("AMBIGUOUS", "BadStatusLine"), 1),
        (["drip", "ok"], ("AMBIGUOUS", "TimeoutError"), 1),
    ],
    ids=["500", "429", "503", "hang", "lost", "garbage", "drip"],
)
def test_a_text_goes_out_once_whatever_its_provider_does_first(
    queue_alert: QueueAlert,
    twilio: Twilio,
    clock: DatabaseClock,
    settings: Any,
    answers: list[Any],
    first: tuple[str, str],
    texts: int,
) -> None:
    settings.OUTGOING_TIMEOUT = 2
    twilio.then(*answers)
    message = settle(queue_alert(channel=ChannelName.SMS, to=MOBILE), clock)
    assert (message.state, len(twilio.made)) == (MessageState.SENT, texts)
    assert outcomes(message)[0] == first


@pytest.mark.parametrize("answer", [Reply(201, b"<html>fine</html>"), Reply(201, []), "half", "huge"])
def test_an_answer_that_makes_no_sense_but_says_yes_is_a_yes(
    queue_alert: QueueAlert, twilio: Twilio, answer: Any
) -> None:
    twilio.then(answer)
    assert try_once(queue_alert(channel=ChannelName.SMS, to=MOBILE)).state == MessageState.SENT


@pytest.mark.parametrize(
    ("answers", "copies"), [([BROKEN], 1), ([BUSY], 1), (["hang"], 2), (["garbage"], 2)], ids=str
)
def test_an_urgent_one_is_with_the_person_by_another_way_if_there_is_no_time(
    queue_alert: QueueAlert,
    twilio: Twilio,
    smtp: FakeSmtp,
    clock: DatabaseClock,
    settings: Any,
    answers: list[Any],
    copies: int,
) -> None:
    settings.OUTGOING_TIMEOUT = 2
    settings.FAIL_OVER_AFTER = {True: 3, False: 300}
    twilio.then(*answers)
    email = Way(ChannelName.EMAIL, "robin.sample@example.org")
    message = try_once(queue_alert(channel=ChannelName.SMS, to=MOBILE, ways=[email]))
    second = try_once(Message.objects.get(instead_of=message))
    assert second.state == MessageState.SENT
    assert len(twilio.made) + len(smtp.received) == copies
    assert second.possible_duplicate == (answers != [BUSY])


def test_one_of_a_thousand_that_cannot_be_written_stops_no_other(
    queue_alert: QueueAlert, clock: DatabaseClock, settings: Any, tmp_path: Path, capsys: Any
) -> None:
    settings.EMAIL_CHANNEL, settings.EMAIL_OUTBOX_DIR = "file", tmp_path
    settings.RECIPIENT_LIMITS = {}
    messages = [queue_alert(kind=MessageKind.TEST, context={}) for _ in range(MANY)]
    broken = messages[MANY // 3]
    broken.context = {"link": 7}  # no address: the template's values cannot be made
    broken.save(update_fields=["context"])
    for message in messages:
        try_once(message)
    assert Counter(message.state for message in messages) == {"SENT": MANY - 1, "FAILED": 1}
    assert len(list(tmp_path.iterdir())) == MANY - 1
    assert outcomes(broken) == [("PERMANENT_ERROR", Why.CANNOT_BE_WRITTEN)]
    assert (broken.state, broken.why) == (MessageState.FAILED, Why.CANNOT_BE_WRITTEN)
    with capsys.disabled():
        print(f"\n1000 messages, one broken: {MANY - 1} sent, 0 twice, 0 lost, 1 shown as failed")
