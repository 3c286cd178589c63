"""What others judge our messages by is the database's time: the clock of a worker may be minutes wrong."""

from datetime import UTC
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest

from notifications.channels.webhook import STANDARD, Endpoint
from notifications.enums import ChannelName, MessageState
from tests.clock import DatabaseClock
from tests.notifications.conftest import QueueAlert
from tests.notifications.peers.receiver import SECRET, Receiver
from tests.notifications.work import try_once

pytestmark = pytest.mark.django_db

WRONG_BY = 200  # seconds that the process lags behind; receivers of webhooks take 300


@pytest.fixture(autouse=True)
def clock(database_clock: DatabaseClock) -> DatabaseClock:
    database_clock.stop()
    database_clock.advance(seconds=WRONG_BY)
    return database_clock


def test_a_webhook_is_signed_with_the_time_of_the_database(
    queue_alert: QueueAlert, serve: Any, settings: Any, clock: DatabaseClock
) -> None:
    settings.WEBHOOK_CHANNEL = "https"
    receiver = serve(Receiver)
    receiver.then("ok")
    to = Endpoint(f"{receiver.url}/hook", (SECRET,), STANDARD).write()
    assert try_once(queue_alert(channel=ChannelName.WEBHOOK, to=to)).state == MessageState.SENT
    assert receiver.asked[0].headers["webhook-timestamp"] == str(int(clock.now().timestamp()))


def test_an_e_mail_is_dated_by_the_database(
    queue_alert: QueueAlert, settings: Any, clock: DatabaseClock, tmp_path: Path
) -> None:
    settings.EMAIL_CHANNEL, settings.EMAIL_OUTBOX_DIR = "file", tmp_path
    try_once(queue_alert())
    (mail,) = tmp_path.iterdir()
    date = next(line for line in mail.read_text().splitlines() if line.startswith("Date: "))
    said = parsedate_to_datetime(date.removeprefix("Date: ")).replace(tzinfo=UTC)
    assert said == clock.now().replace(microsecond=0)
