"""A scripted SMTP server, and messages to send to it."""

from collections.abc import Iterator
from typing import Any, Protocol
from uuid import uuid4

import pytest

from jobs.clock import database_now
from notifications.enums import MessageKind
from notifications.models import Message
from notifications.services.outbox import queue_message
from tests.notifications.smtp import FakeSmtp

ALERT_CONTEXT = {
    "reference": "7KX3-9QF2",
    "level": "Urgent, call within 30 minutes",
    "queue": "Urgent",
    "link": "/desk/leads/7KX3-9QF2/",
}


class QueueAlert(Protocol):
    def __call__(self, **changes: Any) -> Message: ...


@pytest.fixture
def queue_alert(db: None) -> QueueAlert:
    """Return a function that queues an alert to one member of staff; its arguments replace the usual ones."""

    def queue(**changes: Any) -> Message:
        usual = {
            "kind": MessageKind.URGENT_LEAD_ALERT,
            "to": "robin.sample@example.org",
            "context": ALERT_CONTEXT,
            "dedupe_key": str(uuid4()),
            "about": None,
            "at": database_now(),
        }
        return queue_message(**usual | changes)

    return queue


@pytest.fixture
def smtp(settings: Any) -> Iterator[FakeSmtp]:
    """A mail server that takes everything until told otherwise; e-mail goes there."""
    with FakeSmtp() as server:
        settings.EMAIL_CHANNEL, settings.EMAIL_HOST, settings.EMAIL_PORT = "smtp", "127.0.0.1", server.port
        yield server
