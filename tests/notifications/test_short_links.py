"""The short link of a text: it leads to its answer page, and does nothing."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from notifications.enums import ChannelName
from notifications.models import Message
from notifications.services.rendering import render_message
from notifications.short_links import message_of, short_code
from tests.notifications.conftest import ALERT_CONTEXT, QueueAlert

LINK = "https://help.example/ack/abc.def/"
ALERT = ALERT_CONTEXT | {"answer_link": LINK}

SOME = UUID(int=7)


@given(st.uuids())
def test_a_code_means_its_message(message: Any) -> None:
    code = short_code(message)
    assert len(code) == 32
    assert message_of(code) == message


@given(st.uuids(), st.integers(0, 31), st.sampled_from("AQgw_-9z"))
def test_a_code_with_another_letter_means_nothing(message: Any, place: int, letter: str) -> None:
    code = short_code(message)
    changed = code[:place] + letter + code[place + 1 :]
    assert (message_of(changed) is None) == (changed != code)


@pytest.mark.parametrize(
    "code",
    ["", "x", "=", "a" * 31, "a" * 32, "a" * 64, "ä" * 32, short_code(SOME)[:-1]],
    ids=["empty", "one", "sign", "31", "32", "64", "umlauts", "cut"],
)
def test_what_is_no_code_means_nothing(code: str) -> None:
    assert message_of(code) is None


@pytest.mark.parametrize("answers", [False, True])
def test_a_text_has_room_for_all_that_it_says(
    queue_alert: QueueAlert, settings: Any, client: Client, *, answers: bool
) -> None:
    settings.BASE_URL, settings.TEXT_ANSWERS = "https://help.example.org", answers
    message = queue_alert(channel=ChannelName.SMS, to="+447700900123", context=ALERT)
    words = render_message(message).text
    first, second, *rest = words.splitlines()
    assert first == "Urgent lead 7KX3-9QF2: Urgent, call within 30 minutes"
    assert second.startswith("I have it: https://help.example.org/a/")
    assert rest == (["Or answer 1 (or YES)."] if answers else [])
    assert len(words.encode("ascii")) <= 160
    answer = client.get(second.removeprefix("I have it: https://help.example.org"))
    assert (answer.status_code, answer["Location"]) == (302, LINK)
    assert (answer["Referrer-Policy"], answer["X-Robots-Tag"]) == ("no-referrer", "noindex, nofollow")
    assert "no-store" in answer["Cache-Control"]


def test_it_says_the_same_in_each_try(queue_alert: QueueAlert) -> None:
    """By its words Twilio is asked whether it took the try before."""
    message = queue_alert(channel=ChannelName.SMS, to="+447700900123", context=ALERT)
    assert render_message(message).text == render_message(Message.objects.get()).text


@pytest.mark.django_db
def test_a_message_that_is_deleted_or_asks_for_no_answer_leads_nowhere(
    queue_alert: QueueAlert, client: Client
) -> None:
    plain = queue_alert(channel=ChannelName.SMS, to="+447700900123")
    assert client.get(f"/a/{short_code(plain.pk)}/").status_code == 404
    assert client.get(f"/a/{short_code(uuid4())}/").status_code == 404
    assert "Take it here" in render_message(plain).text


def test_only_looking_is_answered(queue_alert: QueueAlert, client: Client) -> None:
    message = queue_alert(channel=ChannelName.SMS, to="+447700900123", context=ALERT)
    address = f"/a/{short_code(message.pk)}/"
    assert client.head(address).status_code == 302
    assert client.post(address).status_code == 405


def test_a_push_message_brings_the_address_for_its_button(queue_alert: QueueAlert) -> None:
    answer = "https://help.example/ack/push.token/"
    message = queue_alert(channel=ChannelName.PUSH, to="{}", context=ALERT | {"answer_push": answer})
    shown = render_message(message)
    assert (shown.answer_to, shown.topic) == (answer, "URGENT_LEAD_ALERT:7KX3-9QF2")
    assert shown.text == "Until somebody answers, more people are told.\n"
    assert "http" not in shown.text
