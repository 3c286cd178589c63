"""Rule 8 of the design: nothing about a person in logs, jobs, task arguments, subjects or plain columns."""

import base64
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from jobs.models import Job
from jobs.services.publishing import Nudge, Publisher
from notifications.catalogue import ALERTS
from notifications.enums import MessageKind
from notifications.models import Delivery
from notifications.selectors import failed_messages
from notifications.services.endings import TRIES
from tests.clock import DatabaseClock
from tests.factories import LeadFactory, PersonFactory
from tests.jobs.work import run
from tests.notifications.conftest import ALERT_CONTEXT, QueueAlert
from tests.notifications.smtp import FakeSmtp
from tests.notifications.work import job_of
from tests.vault.raw_rows import assert_absent

ADDRESS = "robin.sample@example.org"
ACKNOWLEDGEMENT = {"reference": "7KX3-9QF2", "call_by": "14:25 on Tuesday 3 March", "phone": "01632 960000"}


@pytest.fixture(params=[MessageKind.URGENT_LEAD_ALERT, MessageKind.ENQUIRY_ACKNOWLEDGEMENT])
def job(request: pytest.FixtureRequest, queue_alert: QueueAlert) -> Job:
    """Return the job of a message to staff, then of one to a caller who called e-mail safe."""
    about = LeadFactory(caller=PersonFactory(email=ADDRESS, may_email=True)).pk
    context = ALERT_CONTEXT if request.param in ALERTS else ACKNOWLEDGEMENT
    return job_of(queue_alert(kind=request.param, context=context, to=ADDRESS, about=about))


@pytest.mark.parametrize("word", ["accept", "451", "rcpt 450", "rcpt 550", "550", "lost"])
def test_an_address_is_in_the_envelope_and_nowhere_else(
    job: Job,
    smtp: FakeSmtp,
    database_clock: DatabaseClock,
    shown: Callable[[], str],
    word: str,
) -> None:
    smtp.then(word)
    for _ in range(TRIES):
        job = run(job)
        database_clock.advance(seconds=600)

    rows = [*Job.objects.values(), *Delivery.objects.values()]
    assert "robin" not in (shown() + json.dumps(rows, default=str)).lower()
    assert_absent(connection, [ADDRESS, "robin.sample"])
    for received in smtp.received:
        assert "robin" not in (received.subject + received.text).lower()


def test_the_broker_is_told_of_no_more_than_the_jobs_id(job: Job, broker: Any) -> None:
    publisher = Publisher()
    publisher.exchange([Nudge((job.pk,), job.kind, job.queue)])
    publisher.close()
    envelope = json.loads(broker.lpop(f"threshold:{job.queue}"))
    args, kwargs, _ = json.loads(base64.b64decode(envelope["body"]))
    assert (args, kwargs) == ([str(job.pk)], {})
    assert "robin" not in json.dumps(envelope).lower()


@pytest.fixture
def shown(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """Return a function that returns everything logged, of every level, and printed."""
    caplog.set_level(logging.DEBUG)
    return lambda: caplog.text + "".join(capfd.readouterr())


def test_a_failure_is_visible_by_its_code(
    queue_alert: QueueAlert, smtp: FakeSmtp, caplog: pytest.LogCaptureFixture
) -> None:
    smtp.then("rcpt 550")
    message = queue_alert()
    run(job_of(message))
    (failed,) = failed_messages()
    assert [delivery.reason for delivery in failed.deliveries.all()] == ["SMTP 550"]
    assert "message_failed" in caplog.text
    assert str(message.pk) in caplog.text
