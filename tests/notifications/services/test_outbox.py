from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from jobs.clock import database_now
from jobs.enums import JobQueue
from jobs.models import Job
from notifications.catalogue import ContextRefused
from notifications.enums import ChannelName, MessageKind, MessageState
from notifications.models import Message
from notifications.services.outbox import MessageNotFailed, discard_message, resend_message
from notifications.services.rendering import MAYBE_TWICE, render_message
from tests.notifications.conftest import ALERT_CONTEXT, QueueAlert
from tests.notifications.work import job_of

pytestmark = pytest.mark.django_db


def test_a_message_and_its_job_are_written_together(queue_alert: QueueAlert) -> None:
    at, about = database_now(), uuid4()
    message = Message.objects.get(pk=queue_alert(at=at, about=about).pk)
    assert (message.state, message.channel, message.created_at) == (
        MessageState.QUEUED,
        ChannelName.EMAIL,
        at,
    )
    assert (message.to, message.context, message.about) == ("robin.sample@example.org", ALERT_CONTEXT, about)
    job = job_of(message)
    assert (job.kind, job.due_at) == ("notifications.tasks.deliver_message", at)


@pytest.mark.parametrize(
    ("kind", "context", "queue"),
    [
        (MessageKind.URGENT_LEAD_ALERT, ALERT_CONTEXT, JobQueue.ALERTS),
        (MessageKind.LEAD_NOT_ROUTED, ALERT_CONTEXT, JobQueue.ALERTS),
        (MessageKind.TEST, {}, JobQueue.OUTBOUND),
    ],
)
def test_alerts_travel_in_a_queue_of_their_own(
    queue_alert: QueueAlert, kind: MessageKind, context: dict[str, str], queue: JobQueue
) -> None:
    assert job_of(queue_alert(kind=kind, context=context)).queue == queue


def test_the_same_key_returns_the_message_already_there(queue_alert: QueueAlert) -> None:
    first = queue_alert(dedupe_key="alert:1")
    again = queue_alert(dedupe_key="alert:1", to="somebody.else@example.org")
    assert (again.pk, again.to) == (first.pk, first.to)
    assert (Message.objects.count(), Job.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_the_same_moment_makes_one_message(queue_alert: QueueAlert) -> None:
    barrier, found = Barrier(8), []

    def queue() -> None:
        try:
            barrier.wait()
            found.append(queue_alert(dedupe_key="alert:1").pk)
        finally:
            connection.close()

    threads = [Thread(target=queue) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(found), len(set(found))) == (8, 1)
    assert (Message.objects.count(), Job.objects.count()) == (1, 1)


def test_both_go_when_the_callers_transaction_fails(queue_alert: QueueAlert) -> None:
    def fail() -> None:
        with transaction.atomic():
            queue_alert()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not Message.objects.exists()
    assert not Job.objects.exists()


def test_a_refused_context_leaves_nothing_behind(queue_alert: QueueAlert) -> None:
    with pytest.raises(ContextRefused, match="name"):
        queue_alert(context=ALERT_CONTEXT | {"name": "Robin Sample"})
    assert not Message.objects.exists()


def test_expiry_is_the_kinds_unless_it_is_given(queue_alert: QueueAlert) -> None:
    at = database_now()
    soon = at + timedelta(minutes=5)
    assert queue_alert(at=at).expires_at is None
    assert queue_alert(kind=MessageKind.TEST, context={}, at=at).expires_at == at + timedelta(hours=1)
    assert queue_alert(kind=MessageKind.TEST, context={}, at=at, expires_at=soon).expires_at == soon


@pytest.mark.parametrize("state", [MessageState.QUEUED, MessageState.CANCELLED, MessageState.SENT])
def test_only_a_failed_message_is_sent_again_or_discarded(
    queue_alert: QueueAlert, state: MessageState
) -> None:
    message = queue_alert()
    sent_at = database_now() if state == MessageState.SENT else None
    Message.objects.update(state=state, sent_at=sent_at)
    with pytest.raises(MessageNotFailed):
        resend_message(message=message, at=database_now())
    with pytest.raises(MessageNotFailed):
        discard_message(message=message)
    assert Job.objects.count() == 1


def test_two_people_sending_again_make_one_job(queue_alert: QueueAlert) -> None:
    message: Any = queue_alert()
    Message.objects.update(state=MessageState.FAILED)
    Job.objects.update(done_at=database_now())
    resend_message(message=message, at=database_now())
    with pytest.raises(MessageNotFailed):
        resend_message(message=message, at=database_now())
    assert Job.objects.filter(done_at=None).count() == 1


def test_after_a_restore_what_waits_says_that_it_may_have_come_before(
    queue_alert: QueueAlert, capsys: pytest.CaptureFixture[str]
) -> None:
    waiting, sent = queue_alert(), queue_alert()
    Message.objects.filter(pk=sent.pk).update(state=MessageState.SENT, sent_at=database_now())
    call_command("after_restore")
    assert capsys.readouterr().out.startswith("1 ")
    waiting.refresh_from_db(), sent.refresh_from_db()
    assert (waiting.possible_duplicate, sent.possible_duplicate) == (True, False)
    assert MAYBE_TWICE in render_message(waiting).text
