"""How a wording is put together, and what is refused when it is saved."""

import pytest

from notifications.enums import ChannelName, Language, MessageKind, Voice
from notifications.worded import Worded
from notifications.wording import Words, as_text, fill
from notifications.wording_checks import problems_with

ACK = Worded(MessageKind.ENQUIRY_ACKNOWLEDGEMENT, ChannelName.EMAIL)
TEXT = Worded(MessageKind.ENQUIRY_ACKNOWLEDGEMENT, ChannelName.SMS)
NEW_TIME = Worded(MessageKind.CALLER_NEW_TIME, ChannelName.EMAIL)
GOOD = Words("A message from {sender}", "Hello,\n\nA person will be in touch by {call_by}.\n\n{sender}")


def said(text: str, **values: str) -> str:
    return as_text(fill(Words("", text), values), ChannelName.EMAIL)


def test_a_line_without_what_it_says_is_left_out() -> None:
    text = "By {call_by}.\nNobody is there until {nobody_until}."
    assert said(text, call_by="noon") == "By noon."
    assert said(text, call_by="noon", nobody_until="one") == "By noon. Nobody is there until one."
    assert said(text, call_by="noon", nobody_until="") == "By noon."


def test_a_paragraph_of_which_nothing_is_left_leaves_no_gap() -> None:
    assert said("One.\n\nCall {phone}.\n\nTwo.") == "One.\n\nTwo."


def test_a_line_is_said_if_its_condition_is_so() -> None:
    text = "[sure] We will.\n[aim] We try.\n[others_wait] Others wait."
    assert said(text) == "We will."
    assert said(text, nobody_until="one") == "We try."
    assert said(text, closes_at="one", others_wait="yes") == "We try. Others wait."


@pytest.mark.parametrize(("why", "words"), [("busy", "Busy."), ("away", "Away."), ("", "")])
def test_the_reason_of_a_new_time_chooses_its_line(why: str, words: str) -> None:
    assert said("[busy] Busy.\n[away] Away.", why=why) == words


def test_nothing_in_a_value_is_read_as_a_slot_or_a_condition() -> None:
    assert said("{phone}", phone="{sender} [aim]", sender="Sam") == "{sender} [aim]"


def test_a_text_message_is_one_paragraph() -> None:
    assert as_text(fill(Words("", "One.\n\nTwo."), {}), ChannelName.SMS) == "One. Two."


def test_good_words_are_let_through() -> None:
    assert problems_with(ACK, GOOD) == []


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("By {call_by}. Dear {name}", "There is no {name} to fill in here."),
        ("A person will be in touch.", "It has to say {call_by}."),
        ("By {call_by}, {", "A bracket"),
        ("By {call_by}.\n[busy] Others wait.", "cannot depend on [busy]"),
        ("By {call_by}. Our rehab is waiting.", "“rehab” tells"),
        ("By {call_by}. Your treatment begins", "“treatment” tells"),
        ("By {call_by}. Special offer!", "promotes something"),
        ("By {call_by}. See www.example.org", "no addresses"),
        ("By {call_by}. Ring 01632 960000", "no numbers of our own"),
        ("By {call_by}. <b>Now</b>", "plain words only"),
        ("By {call_by}. {% if voice %}", "plain words only"),
        ("By {call_by}. " + "So. " * 1000, "3000 at most"),
        ("", "Nothing of it would be sent"),
    ],
)
def test_a_wording_is_refused_with_what_is_wrong(text: str, about: str) -> None:
    problems = problems_with(ACK, Words(GOOD.subject, text))
    assert [problem for problem in problems if about in problem], problems


@pytest.mark.parametrize(
    ("subject", "about"),
    [
        ("", "needs a subject"),
        ("Your reference {reference}", "may only have {sender}"),
        ("Your detox", "“detox” tells"),
        ("x" * 61, "at most 60"),
        ("Two\nlines", "one line"),
    ],
)
def test_a_subject_is_neutral_and_short(subject: str, about: str) -> None:
    problems = problems_with(ACK, Words(subject, GOOD.text))
    assert [problem for problem in problems if about in problem], problems


@pytest.mark.parametrize(
    ("language", "word"),
    [(Language.POLISH, "odwyk"), (Language.ROMANIAN, "dezintoxicare"), (Language.WELSH, "alcohol")],
)
def test_what_it_is_about_is_found_in_other_languages(language: Language, word: str) -> None:
    worded = Worded(ACK.kind, ACK.channel, Voice.SELF, language)
    assert problems_with(worded, Words(GOOD.subject, f"{GOOD.text} {word}"))


def test_a_text_message_has_no_subject_and_is_short() -> None:
    assert problems_with(TEXT, Words("", "I call by {call_by}.")) == []
    assert problems_with(TEXT, Words("Hello", "I call by {call_by}.")) == ["A text message has no subject."]
    assert "300 at most" in problems_with(TEXT, Words("", "By {call_by}. " + "So. " * 80))[0]


def test_the_reasons_of_a_new_time_can_be_asked_for_there() -> None:
    assert problems_with(NEW_TIME, Words("A message", "[busy] It takes longer.\nWe call at {call_at}.")) == []


@pytest.mark.parametrize(
    ("kind", "channel"),
    [(MessageKind.ENQUIRY_COPY, ChannelName.SMS), (MessageKind.URGENT_LEAD_ALERT, ChannelName.EMAIL)],
)
def test_there_are_no_words_of_what_is_not_sent(kind: MessageKind, channel: ChannelName) -> None:
    with pytest.raises(KeyError):
        Worded(kind, channel)
