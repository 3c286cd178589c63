"""A scripted SMTP server, scripted providers, and messages to send to them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol, TypeVar
from uuid import uuid4

import pytest

from jobs.clock import database_now
from notifications.enums import ChannelName, MessageKind
from notifications.models import Message
from notifications.services.outbox import queue_message
from tests.notifications.peers.server import Provider
from tests.notifications.peers.twilio import ACCOUNT, NUMBERS, TOKEN, Twilio
from tests.notifications.smtp import FakeSmtp

Kind = TypeVar("Kind", bound=Provider)
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


@pytest.fixture
def serve(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[type[Kind]], Kind]]:
    """Return a function that starts a provider of a kind on loopback, whose certificate this machine trusts.

    It stops, and looks back at what it was asked, when the test is over.
    """
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    settings.OUTGOING_LOOPBACK = True
    with ExitStack() as running:
        yield lambda kind: running.enter_context(kind(tmp_path))


@pytest.fixture
def twilio(serve: Any, settings: Any) -> Twilio:
    """A Twilio; texts and calls go there."""
    provider: Twilio = serve(Twilio)
    settings.BASE_URL = "https://help.example"
    settings.SMS_CHANNEL = settings.VOICE_CHANNEL = "twilio"
    settings.TWILIO_API_URL = provider.url
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = ACCOUNT, TOKEN
    settings.TWILIO_SMS_FROM = settings.TWILIO_VOICE_FROM = NUMBERS
    return provider


@pytest.fixture
def text(queue_alert: QueueAlert, twilio: Twilio) -> Message:
    """An alert that waits to go out as a text."""
    message = queue_alert(to="+447700900123")
    Message.objects.filter(pk=message.pk).update(channel=ChannelName.SMS)
    message.refresh_from_db()
    return message
