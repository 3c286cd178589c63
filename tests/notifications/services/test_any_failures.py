"""Whatever providers do, in whatever order: one message is sent or shown as failed. If there are two copies,
the second is marked as one; never three. Against real servers, on a moved clock.
"""

from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from jobs.clock import database_now
from notifications.enums import ChannelName, MessageState
from notifications.models import Circuit, Delivery, Message
from notifications.services.outbox import Way
from tests.clock import DatabaseClock
from tests.notifications.conftest import QueueAlert
from tests.notifications.peers.server import Asked, Reply
from tests.notifications.peers.twilio import ACCOUNT, NUMBERS, TOKEN, Twilio, refusal
from tests.notifications.smtp import FakeSmtp
from tests.notifications.work import settle

pytestmark = pytest.mark.django_db

MOBILE = "+447700900123"
WAYS = {
    ChannelName.EMAIL: Way(ChannelName.EMAIL, "robin.sample@example.org"),
    ChannelName.SMS: Way(ChannelName.SMS, MOBILE),
    ChannelName.VOICE: Way(ChannelName.VOICE, MOBILE),
}
BY_MAIL = ("accept", "lost", "hangup", "451", "rcpt 550", "mail 530")
BY_PHONE: dict[str, str | Reply] = {
    "ok": "ok",
    "lost": "lost",
    "hangup": "hangup",
    "garbage": "garbage",
    "500": Reply(500, refusal(20500, 500).said),
    "503": Reply(503),
    "429": Reply(429, refusal(20429, 429).said, {"Retry-After": "4"}),
    "no mobile": refusal(21614),
}


class Moody(Twilio):
    """A Twilio in these moods, one a request, and after them in a good one."""

    moods: list[str] = []

    def next_answer(self, asked: Asked) -> str | Reply:
        self.asked.append(asked)
        return BY_PHONE[self.moods.pop(0)] if self.moods else "ok"

    def add(self, kind: str, **form: str) -> dict[str, Any]:
        """Make it later than any try: the clock of the tests is ahead of this machine's."""
        return super().add(kind, date_created="Fri, 01 Jan 2100 00:00:00 +0000", **form)


@pytest.fixture
def moody(serve: Any, settings: Any) -> Moody:
    provider: Moody = serve(Moody)
    settings.BASE_URL = "https://help.example"
    settings.SMS_CHANNEL = settings.VOICE_CHANNEL = "twilio"
    settings.TWILIO_API_URL = provider.url
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = ACCOUNT, TOKEN
    settings.TWILIO_SMS_FROM = settings.TWILIO_VOICE_FROM = NUMBERS
    return provider


@pytest.fixture(autouse=True)
def clock(database_clock: DatabaseClock) -> DatabaseClock:
    database_clock.stop()
    return database_clock


@how(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(list(ChannelName)[:3]),
    number=st.integers(1, 3),
    mail=st.lists(st.sampled_from(BY_MAIL), min_size=1, max_size=5),
    phone=st.lists(st.sampled_from(sorted(BY_PHONE)), max_size=8),
)
def test_it_ends_once_and_with_two_copies_at_the_most(
    queue_alert: QueueAlert,
    smtp: FakeSmtp,
    moody: Moody,
    clock: DatabaseClock,
    order: list[ChannelName],
    number: int,
    mail: list[str],
    phone: list[str],
) -> None:
    Message.objects.all().delete()
    Circuit.objects.all().delete()
    smtp.received.clear()
    moody.made.clear()
    smtp.then(*mail)
    moody.moods = list(phone)
    first, *others = [WAYS[channel] for channel in order[:number]]
    queue_alert(channel=first.channel, to=first.to, ways=others, at=database_now())
    _settle_all(clock)

    ends = sorted(Message.objects.exclude(state=MessageState.REPLACED).values_list("state", flat=True))
    assert ends in (["SENT"], ["FAILED"])
    copies = len({received.message_id for received in smtp.received}) + len(moody.made)
    assert copies <= 2
    assert copies >= 1 or ends == ["FAILED"], "sent, and nobody got it"
    if copies == 2:
        assert Delivery.objects.filter(possible_duplicate=True).exists()
    assert Message.objects.count() <= number


def _settle_all(clock: DatabaseClock) -> None:
    while (waiting := Message.objects.filter(state=MessageState.QUEUED).first()) is not None:
        settle(waiting, clock)
