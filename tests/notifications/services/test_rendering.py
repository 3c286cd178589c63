from typing import Any

import pytest

from notifications.catalogue import CATALOGUE
from notifications.enums import MessageKind
from notifications.models import Message
from notifications.services.rendering import render_message
from tests.notifications.conftest import ALERT_CONTEXT

VALUES = ALERT_CONTEXT | {
    "until": "18:00 on Monday 29 November",
    "respond_by": "14:25 on Tuesday 3 March",
    "call_by": "14:25 on Tuesday 3 March",
    "nobody_until": "09:00 on Wednesday 4 March",
    "closes_at": "17:00 on Tuesday 3 March",
    "others_wait": "yes",
    "phone": "01632 960000",
    "others": "11",
    "call_at": "14:25 on Tuesday 3 March",
    "lines": "Samaritans: 116 123",
    "emergency": "999",
    "job_kind": "intake.tasks.place_lead",
    "error_class": "ValueError",
}


def message(kind: MessageKind, **extra: str) -> Message:
    entry = CATALOGUE[kind]
    keys = entry.needs | entry.may_have
    return Message(kind=kind, to="robin@example.org", context={key: VALUES[key] for key in keys} | extra)


@pytest.mark.parametrize("kind", MessageKind)
def test_every_kind_has_a_one_line_subject_and_a_text_with_all_that_it_needs(kind: MessageKind) -> None:
    rendered = render_message(message(kind))
    assert rendered.subject
    assert "\n" not in rendered.subject
    assert "{" not in rendered.subject + rendered.text
    for key in CATALOGUE[kind].needs:
        assert VALUES[key] in rendered.subject + rendered.text


def test_an_alert_says_reference_level_queue_and_link(settings: Any) -> None:
    settings.BASE_URL = "https://desk.example.org"
    alert = Message(kind=MessageKind.URGENT_LEAD_ALERT, to="robin@example.org", context=ALERT_CONTEXT)
    rendered = render_message(alert)
    assert rendered.subject == "Urgent lead 7KX3-9QF2: Urgent, call within 30 minutes"
    assert rendered.text == (
        "Urgent, call within 30 minutes.\n"
        "Queue: Urgent.\n"
        "\n"
        "Take it here:\n"
        "https://desk.example.org/desk/leads/7KX3-9QF2/\n"
        "\n"
        "You get this because you are on the list for alerts.\n"
    )


def test_a_whole_link_stays_as_it_is() -> None:
    link = "https://desk.example.org/desk/leads/7KX3-9QF2/"
    assert link in render_message(message(MessageKind.URGENT_LEAD_ALERT, link=link)).text


def test_an_acknowledgement_comes_from_a_name_and_says_what_happens_next(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Sam <sam@post.example>"
    context = {"reference": "7KX3-9QF2", "call_by": "14:25 on Tuesday 3 March", "phone": "01632 960000"}
    acknowledgement = Message(
        kind=MessageKind.ENQUIRY_ACKNOWLEDGEMENT, to="robin@example.org", context=context
    )
    rendered = render_message(acknowledgement)
    assert rendered.subject == "A message from Sam"
    assert rendered.text == (
        "Hello,\n"
        "\n"
        "Thank you for getting in touch. Your reference is 7KX3-9QF2.\n"
        "\n"
        "A person will be in touch by 14:25 on Tuesday 3 March.\n"
        "\n"
        "If you would like to talk sooner, call 01632 960000 and give your reference.\n"
        "\n"
        "Sam\n"
    )


def test_plain_text_is_not_escaped_as_html() -> None:
    assert (
        "O’Hare & Sons" in render_message(message(MessageKind.URGENT_LEAD_ALERT, queue="O’Hare & Sons")).text
    )


def test_an_acknowledgement_promises_no_more_than_the_page() -> None:
    waiting = message(MessageKind.ENQUIRY_ACKNOWLEDGEMENT)
    assert "Others are still waiting for their call, so it may take longer" in render_message(waiting).text
    del waiting.context["others_wait"]
    assert "Others are still waiting" not in render_message(waiting).text


@pytest.mark.parametrize("kind", [MessageKind.ENQUIRY_ACKNOWLEDGEMENT, MessageKind.ENQUIRY_COPY])
def test_a_clinic_without_a_number_asks_nobody_to_call_it(kind: MessageKind) -> None:
    without = message(kind)
    del without.context["phone"]
    text = render_message(without).text
    assert "call " not in text.replace("for their call", "")
    assert "\n\n\n" not in text
