from typing import Any

import pytest

from notifications.catalogue import CATALOGUE
from notifications.enums import Audience, ChannelName, MessageKind
from notifications.models import Message
from notifications.services.rendering import render_message
from tests.notifications.conftest import ALERT_CONTEXT

pytestmark = pytest.mark.django_db  # words to callers may be versions of their own
VALUES = ALERT_CONTEXT | {
    "way": "Text",
    "code": "048213",
    "was_due": "07:30",
    "came_call": "https://desk.example.org/hooks/came/c.y/",
    "came_link": "https://desk.example.org/came/x.y/",
    "shift_at": "Monday 20:00",
    "until": "18:00 on Monday 29 November",
    "respond_by": "14:25 on Tuesday 3 March",
    "call_by": "14:25 on Tuesday 3 March",
    "nobody_until": "09:00 on Wednesday 4 March",
    "closes_at": "17:00 on Tuesday 3 March",
    "others_wait": "yes",
    "phone": "01632 960000",
    "others": "11",
    "leads": "12",
    "title": "Nobody is on shift or on call",
    "still": "Nothing else is wrong.",
    "answer_link": "https://desk.example.org/ack/x.y/",
    "answer_push": "https://desk.example.org/ack/p.y/",
    "answer_call": "https://desk.example.org/hooks/answers/call/c.y/",
    "who": "Robin Second",
    "since": "12:04",
    "nth": "2nd",
    "answered": "12:09",
    "call_at": "14:25 on Tuesday 3 March",
    "when": "Monday 1 March",
    "site": "Harbour House",
    "lines": "Samaritans: 116 123",
    "emergency": "999",
    "job_kind": "intake.tasks.place_lead",
    "error_class": "ValueError",
}


def message(kind: MessageKind, **extra: str) -> Message:
    entry = CATALOGUE[kind]
    keys = entry.needs | entry.may_have
    return Message(kind=kind, to="robin@example.org", context={key: VALUES[key] for key in keys} | extra)


@pytest.mark.parametrize("kind", [kind for kind in MessageKind if kind != MessageKind.WORDING_TEST])
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


def test_channels_without_room_for_a_text_get_reference_level_and_link(settings: Any) -> None:
    settings.BASE_URL = "https://help.example"
    rendered = render_message(message(MessageKind.URGENT_LEAD_ALERT))
    assert (rendered.kind, rendered.reference) == ("URGENT_LEAD_ALERT", "7KX3-9QF2")
    assert rendered.level == ALERT_CONTEXT["level"]
    assert rendered.link == "https://help.example/desk/leads/7KX3-9QF2/"


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


@pytest.mark.parametrize("kind", [kind for kind in CATALOGUE if kind != MessageKind.WORDING_TEST])
def test_staff_hear_from_the_desk_and_nobody_else_does(settings: Any, kind: MessageKind) -> None:
    settings.DEFAULT_FROM_EMAIL, settings.DESK_NAME = "Quin <q@post.example>", "Hill House desk"
    rendered = render_message(message(kind))
    words = rendered.subject + rendered.text + rendered.html + rendered.spoken
    is_to_staff = CATALOGUE[kind].audience == Audience.STAFF
    assert rendered.sender == ("Hill House desk" if is_to_staff else "")
    assert ("Quin" if is_to_staff else "Hill House") not in words


def test_a_wording_is_tried_under_the_name_that_callers_see(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Sam <sam@post.example>"
    said = {"of": MessageKind.CALLER_TRIED, "by": ChannelName.EMAIL, "version": "0"}
    tried = render_message(Message(kind=MessageKind.WORDING_TEST, to="robin@example.org", context=said))
    assert (tried.sender, tried.subject) == ("", "Test: A message from Sam")


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


def test_a_text_too_long_for_its_provider_says_what_it_is_about_and_where_to_read_it() -> None:
    """Many alarms at once: Twilio refuses more than 1,600 letters, for good."""
    text = message(MessageKind.ALARM, lines="Ring them.\n\n" * 300)
    text.channel = ChannelName.SMS
    rendered = render_message(text)
    assert len(rendered.text) < 200
    assert rendered.subject in rendered.text
    assert rendered.link in rendered.text
