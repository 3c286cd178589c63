"""One message and its tries, against a real mail server. Time stands still unless a test moves it."""

from datetime import timedelta
from typing import Any

import pytest

from jobs.models import Job
from jobs.selectors import dead_jobs
from notifications.enums import DeliveryOutcome, MessageState, Why
from notifications.models import Delivery, Message
from notifications.services.endings import TRIES
from notifications.services.outbox import discard_message, resend_message
from tests.clock import DatabaseClock
from tests.jobs.work import run
from tests.notifications.conftest import QueueAlert
from tests.notifications.patience import SHORT
from tests.notifications.smtp import FakeSmtp
from tests.notifications.work import job_of, outcomes, try_once
from vault.keysets import new_keysets

pytestmark = pytest.mark.django_db

LONGEST_PAUSE = 600  # seconds


@pytest.fixture(autouse=True)
def clock(database_clock: DatabaseClock) -> DatabaseClock:
    database_clock.stop()
    return database_clock


@pytest.fixture
def _impatience(settings: Any) -> None:
    settings.EMAIL_TIMEOUT = SHORT


def try_until_settled(message: Message, clock: DatabaseClock) -> Message:
    """Run the message's job again and again, each time when it is due."""
    while message.state == MessageState.QUEUED:
        clock.move_to(max(clock.now(), job_of(message).due_at))
        message = try_once(message)
    return message


# --- what happens once


def test_a_message_is_sent_once_and_its_job_is_done(
    queue_alert: QueueAlert, smtp: FakeSmtp, clock: DatabaseClock
) -> None:
    message = queue_alert()
    job = run(job_of(message))
    message.refresh_from_db()
    assert (message.state, message.sent_at, message.tries) == (MessageState.SENT, clock.now(), 1)
    assert outcomes(message) == [(DeliveryOutcome.ACCEPTED, "")]
    assert (job.done_at, job.attempts) == (clock.now(), 1)
    assert [received.to for received in smtp.received] == ["robin.sample@example.org"]


def test_a_second_run_of_the_job_sends_nothing(queue_alert: QueueAlert, smtp: FakeSmtp) -> None:
    message = queue_alert()
    job = run(job_of(message))
    run(job)
    Job.objects.filter(pk=job.pk).update(done_at=None)  # as if its end had not been written
    run(job)
    assert (len(smtp.received), outcomes(message)) == (1, [(DeliveryOutcome.ACCEPTED, "")])


def test_a_refused_address_fails_at_once(
    queue_alert: QueueAlert, smtp: FakeSmtp, clock: DatabaseClock
) -> None:
    smtp.then("rcpt 550")
    message = queue_alert()
    job = run(job_of(message))
    message.refresh_from_db()
    assert (message.state, message.failed_at) == (MessageState.FAILED, clock.now())
    assert outcomes(message) == [(DeliveryOutcome.PERMANENT_ERROR, "SMTP 550")]
    assert job.done_at
    assert not dead_jobs()


def test_an_expired_message_is_cancelled(
    queue_alert: QueueAlert, smtp: FakeSmtp, clock: DatabaseClock
) -> None:
    message = queue_alert(expires_at=clock.now() + timedelta(minutes=5))
    clock.advance(seconds=300)
    assert try_once(message).state == MessageState.CANCELLED
    assert (smtp.received, outcomes(message)) == ([], [])


def test_a_try_that_was_cut_off_is_shown_as_such(
    queue_alert: QueueAlert, smtp: FakeSmtp, clock: DatabaseClock
) -> None:
    message = queue_alert()
    Message.objects.update(tries=1)
    Delivery.objects.create(message=message, started_at=clock.now() - timedelta(seconds=30))
    assert try_once(message).state == MessageState.SENT
    assert outcomes(message) == [(DeliveryOutcome.INTERRUPTED, ""), (DeliveryOutcome.ACCEPTED, "")]


# --- trying again


@pytest.mark.usefixtures("_impatience")
@pytest.mark.parametrize(
    ("word", "outcome", "reason"),
    [
        ("451", DeliveryOutcome.TRANSIENT_ERROR, "SMTP 451"),
        ("hangup", DeliveryOutcome.AMBIGUOUS, "SMTPServerDisconnected"),
        ("hang", DeliveryOutcome.AMBIGUOUS, "TimeoutError"),
        ("mail 530", DeliveryOutcome.TRANSIENT_ERROR, "SMTP 530"),
    ],
)
def test_a_passing_trouble_is_tried_again_after_a_pause(
    queue_alert: QueueAlert,
    smtp: FakeSmtp,
    clock: DatabaseClock,
    word: str,
    outcome: DeliveryOutcome,
    reason: str,
) -> None:
    smtp.then(word, "accept")
    message = queue_alert()
    assert try_once(message).state == MessageState.QUEUED
    assert timedelta(seconds=1) <= job_of(message).due_at - clock.now() <= timedelta(seconds=2)

    assert try_once(message).tries == 1  # too early
    clock.advance(seconds=2)
    assert try_once(message).state == MessageState.SENT
    assert outcomes(message) == [(outcome, reason), (DeliveryOutcome.ACCEPTED, "")]
    assert len(smtp.received) == (2 if word == "hang" else 1)


def test_a_server_that_is_down_is_tried_again(
    queue_alert: QueueAlert, smtp: FakeSmtp, settings: Any, clock: DatabaseClock
) -> None:
    settings.EMAIL_PORT = 1
    message = queue_alert()
    assert try_once(message).state == MessageState.QUEUED
    assert outcomes(message) == [(DeliveryOutcome.TRANSIENT_ERROR, "ConnectionRefusedError")]
    settings.EMAIL_PORT = smtp.port
    assert try_until_settled(message, clock).state == MessageState.SENT


def test_a_copy_after_a_lost_answer_has_the_same_message_id(
    queue_alert: QueueAlert, smtp: FakeSmtp, clock: DatabaseClock
) -> None:
    smtp.then("lost", "accept")
    assert try_until_settled(queue_alert(), clock).state == MessageState.SENT
    assert len(smtp.received) == 2
    assert len({received.message_id for received in smtp.received}) == 1


def test_a_message_fails_when_its_tries_are_used_up(
    queue_alert: QueueAlert, smtp: FakeSmtp, clock: DatabaseClock
) -> None:
    smtp.then("451")
    began = clock.now()
    message = try_until_settled(queue_alert(), clock)
    assert (message.state, message.tries, smtp.connections) == (MessageState.FAILED, TRIES, TRIES)
    assert timedelta(minutes=25) < clock.now() - began < timedelta(minutes=60)
    assert message.failed_at == clock.now()
    assert not dead_jobs()


@pytest.mark.parametrize("new", [{"kind": "OF_A_NEWER_RELEASE"}, {"channel": "PIGEON"}])
def test_a_message_of_a_newer_release_waits_for_it_and_stops_no_other(
    queue_alert: QueueAlert, smtp: FakeSmtp, clock: DatabaseClock, new: dict[str, str]
) -> None:
    newer, fine = queue_alert(), queue_alert()
    Message.objects.filter(pk=newer.pk).update(**new)
    for _ in range(2 * TRIES):
        waiting = try_once(newer)
        clock.advance(seconds=31)
    assert (waiting.state, waiting.tries, waiting.why) == (MessageState.QUEUED, 0, Why.NEWER_RELEASE)
    assert job_of(newer).attempts == 0
    assert try_once(fine).state == MessageState.SENT

    Message.objects.filter(pk=newer.pk).update(kind=fine.kind, channel=fine.channel)  # it is there
    assert try_once(newer).state == MessageState.SENT


def test_a_message_of_a_newer_release_does_not_wait_beyond_its_use(
    queue_alert: QueueAlert, smtp: FakeSmtp, clock: DatabaseClock
) -> None:
    message = queue_alert()
    late = clock.now() - timedelta(seconds=1)
    Message.objects.filter(pk=message.pk).update(kind="OF_A_NEWER_RELEASE", expires_at=late)
    gone = try_once(message)
    assert (gone.state, gone.why) == (MessageState.CANCELLED, Why.EXPIRED)


def test_a_message_whose_job_dies_is_shown_as_failed(
    queue_alert: QueueAlert, smtp: FakeSmtp, clock: DatabaseClock, settings: Any
) -> None:
    message = queue_alert()
    job = job_of(message)
    keysets, settings.VAULT_KEYSETS = settings.VAULT_KEYSETS, new_keysets()
    for _ in range(TRIES):
        clock.advance(seconds=LONGEST_PAUSE)
        job = run(job)
    assert (job.dead_at, job.error_class) == (clock.now(), "VaultError")

    settings.VAULT_KEYSETS = keysets
    message.refresh_from_db()
    assert (message.state, message.failed_at, smtp.received) == (MessageState.FAILED, clock.now(), [])


# --- what a person does about a failed message


@pytest.fixture
def failed(queue_alert: QueueAlert, smtp: FakeSmtp) -> Message:
    smtp.then("550", "accept")
    message = try_once(queue_alert())
    assert message.state == MessageState.FAILED
    return message


def test_a_failed_message_can_be_sent_again(failed: Message, smtp: FakeSmtp, clock: DatabaseClock) -> None:
    clock.advance(seconds=60)
    resend_message(message=failed, at=clock.now())
    failed.refresh_from_db()
    assert (failed.state, failed.failed_at, failed.tries) == (MessageState.QUEUED, None, 0)
    assert try_once(failed).state == MessageState.SENT
    assert outcomes(failed) == [(DeliveryOutcome.PERMANENT_ERROR, "SMTP 550"), (DeliveryOutcome.ACCEPTED, "")]


def test_sending_again_sets_aside_the_expiry(failed: Message, smtp: FakeSmtp, clock: DatabaseClock) -> None:
    Message.objects.filter(pk=failed.pk).update(expires_at=clock.now())
    resend_message(message=failed, at=clock.now())
    assert try_once(failed).state == MessageState.SENT


def test_a_discarded_message_is_cancelled(failed: Message) -> None:
    discard_message(message=failed)
    failed.refresh_from_db()
    assert failed.state == MessageState.CANCELLED
    assert not Job.objects.filter(subject=failed.pk, done_at=None)
