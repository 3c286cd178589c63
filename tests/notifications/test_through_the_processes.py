"""An alert's whole way: outbox, dispatcher, Celery worker, mail server. Every one of them is real."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from notifications.enums import MessageKind, MessageState
from notifications.models import Message
from tests.notifications.conftest import QueueAlert
from tests.notifications.smtp import FakeSmtp
from tests.notifications.work import outcomes
from tests.processes import Process, manage, places_of_the_test, wait_until, worker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def workers(tmp_path: Path, broker: Any, smtp: FakeSmtp) -> Iterator[Process]:
    """Run a dispatcher and one Celery worker of the queues that messages use; return the worker."""
    env = places_of_the_test() | smtp.environment
    dispatcher = Process("dispatcher", manage("dispatch"), env=env, folder=tmp_path)
    celery = Process("worker", worker("alerts", "outbound"), env=env, folder=tmp_path)
    try:
        dispatcher.start().wait_for_output("dispatcher_started")
        celery.start().wait_for_output("ready.")
        yield celery
    finally:
        celery.kill()
        dispatcher.kill()


def sent(message: Message) -> bool:
    message.refresh_from_db()
    return message.state == MessageState.SENT


def test_messages_arrive_once_each_by_the_real_processes(
    queue_alert: QueueAlert, smtp: FakeSmtp, workers: Process
) -> None:
    kinds = [{}, {"kind": MessageKind.TEST, "context": {}}]
    messages = [queue_alert(**kind) for kind in kinds for _ in range(5)]
    wait_until(lambda: all(map(sent, messages)), what="the sending")
    ids = sorted(received.message_id[1:37] for received in smtp.received)
    assert ids == sorted(str(message.pk) for message in messages)
    assert "example.org" not in workers.output()


def test_a_refusal_for_now_is_made_good_by_itself(
    queue_alert: QueueAlert, smtp: FakeSmtp, workers: Process
) -> None:
    smtp.then("451", "hangup", "accept")
    message = queue_alert()
    wait_until(lambda: sent(message), what="the third try")
    assert [reason for _, reason in outcomes(message)] == ["SMTP 451", "SMTPServerDisconnected", ""]
    assert len(smtp.received) == 1
    assert "example.org" not in workers.output()
