"""A process is killed with SIGKILL when the provider has taken the message and we have not written that down.

The child is real, and so are provider, database and signal. Copies: none where the provider can be asked, one
possible duplicate, marked as such, where it cannot.
"""

import signal
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from notifications.enums import ChannelName, DeliveryOutcome, MessageState
from notifications.models import Message
from notifications.services.outbox import Way
from tests.clock import DatabaseClock
from tests.notifications.conftest import QueueAlert
from tests.notifications.peers.twilio import ACCOUNT, NUMBERS, TOKEN, Twilio
from tests.notifications.smtp import FakeSmtp
from tests.notifications.work import job_of, outcomes, try_once
from tests.processes import Process, places_of_the_test, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

LEASE = timedelta(seconds=26)  # of notifications.tasks.deliver_message, and one
MOBILE = "+447700900123"
RUN = """
import sys, uuid, django
django.setup()
from jobs.kinds import kind_named
from jobs.services.running import run_job
run_job(job=uuid.UUID(sys.argv[1]), kind=kind_named("notifications.tasks.deliver_message"))
"""


@pytest.fixture
def clock(database_clock: DatabaseClock) -> DatabaseClock:
    return database_clock


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Callable[..., Process]]:
    """Return a function that starts a process of its own to deliver a message; it ends with the test."""
    env = places_of_the_test() | {"PYTHONPATH": str(django_settings.BASE_DIR)}
    started: list[Process] = []

    def start(message: Message, **said: str) -> Process:
        command = [sys.executable, "-c", RUN, str(job_of(message).pk)]
        started.append(Process(f"sender{len(started)}", command, env=env | said, folder=tmp_path).start())
        return started[-1]

    yield start
    for each in started:
        each.kill()


def kill(process: Process) -> None:
    process.send(signal.SIGKILL)
    process.kill()


def mailing(smtp: FakeSmtp) -> dict[str, str]:
    return {"EMAIL_CHANNEL": "smtp", "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(smtp.port)}


def texting(twilio: Twilio, folder: Path) -> dict[str, str]:
    return {
        "SMS_CHANNEL": "twilio",
        "TWILIO_API_URL": twilio.url,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_SMS_FROM": NUMBERS,
        "OUTGOING_LOOPBACK": "on",
        "SSL_CERT_FILE": str(folder / "cert.pem"),
        "BASE_URL": "https://help.example",
    }


def test_an_e_mail_that_was_taken_is_sent_once_more_at_the_most_and_marked(
    queue_alert: QueueAlert, smtp: FakeSmtp, sender: Callable[..., Process], clock: DatabaseClock
) -> None:
    smtp.then("hang", "accept")
    message = queue_alert()
    child = sender(message, **mailing(smtp))
    wait_until(lambda: smtp.received, what="the taking")
    kill(child)
    assert try_once(message).state == MessageState.QUEUED, "the dead process still holds the lease"
    assert len(smtp.received) == 1

    clock.advance(by=LEASE)
    assert try_once(message).state == MessageState.SENT
    assert outcomes(message) == [(DeliveryOutcome.INTERRUPTED, ""), (DeliveryOutcome.ACCEPTED, "")]
    assert len({received.message_id for received in smtp.received}) == 1, "mail programs see one message"
    marked = [each.possible_duplicate for each in message.deliveries.order_by("started_at")]
    assert (len(smtp.received), marked) == (2, [False, True])


def test_a_text_that_was_taken_is_not_sent_again(
    queue_alert: QueueAlert, twilio: Twilio, sender: Any, clock: DatabaseClock, tmp_path: Path
) -> None:
    twilio.then("hang", "ok")
    message = queue_alert(channel=ChannelName.SMS, to=MOBILE)
    child = sender(message, **texting(twilio, tmp_path))
    wait_until(lambda: twilio.made, what="the taking")
    kill(child)
    clock.advance(by=LEASE)
    assert try_once(message).state == MessageState.SENT
    assert [asked.method for asked in twilio.asked] == ["POST", "GET"]
    assert len(twilio.made) == 1
    assert message.deliveries.get(outcome="ACCEPTED").provider_id == twilio.made[0]["sid"]


def test_killed_between_two_ways_the_next_one_goes_out_once(
    queue_alert: QueueAlert,
    smtp: FakeSmtp,
    twilio: Twilio,
    sender: Any,
    clock: DatabaseClock,
    tmp_path: Path,
) -> None:
    smtp.then("rcpt 550")
    twilio.then("hang", "ok")
    message = try_once(queue_alert(ways=[Way(ChannelName.SMS, MOBILE)]))
    text = Message.objects.get(instead_of=message)
    child = sender(text, **texting(twilio, tmp_path))
    wait_until(lambda: twilio.made, what="the taking")
    kill(child)
    clock.advance(by=LEASE)
    assert try_once(text).state == MessageState.SENT
    assert (len(smtp.received), len(twilio.made), Message.objects.count()) == (0, 1, 2)
