"""What phone systems say, read: which end was heard, and which word stops everything."""

import json

import pytest

from crm.enums import CallDirection, CallState, TextKeyword
from crm.telephony.news import CallNews, TextNews, Unreadable, keyword_of, read_signed, read_twilio
from crm.telephony.numbers import caller_number
from tests.factories.phone import NUMBER, ring, text

IN, OUT = CallDirection.IN, CallDirection.OUT
RINGING, MISSED, CONNECTED = CallState.RINGING, CallState.MISSED, CallState.CONNECTED


@pytest.mark.parametrize(
    ("said", "passes_on", "state", "is_over"),
    [
        ({}, False, RINGING, False),
        ({"CallStatus": "in-progress"}, False, CONNECTED, False),
        ({"CallStatus": "completed", "CallDuration": "61"}, False, CONNECTED, True),
        ({"CallStatus": "no-answer"}, False, MISSED, True),
        ({"CallStatus": "busy"}, False, MISSED, True),
        ({"CallStatus": "canceled"}, True, MISSED, True),
        # a call that we answered to pass it on was answered by nobody yet
        ({"CallStatus": "in-progress"}, True, RINGING, False),
        ({"CallStatus": "completed"}, True, MISSED, True),
        ({"CallStatus": "in-progress", "DialCallStatus": "completed"}, True, CONNECTED, True),
        ({"CallStatus": "completed", "DialCallStatus": "no-answer"}, True, MISSED, True),
        ({"CallStatus": "in-progress", "DialCallStatus": "busy"}, True, MISSED, True),
        ({"CallStatus": "completed", "DialCallStatus": "completed"}, True, CONNECTED, True),
        # a machine is nobody
        ({"CallStatus": "completed", "AnsweredBy": "machine_start"}, False, MISSED, True),
    ],
)
def test_a_call_that_comes_in(said: dict[str, str], passes_on: bool, state: str, is_over: bool) -> None:
    news = read_twilio(ring(**said), passes_on=passes_on)
    assert isinstance(news, CallNews)
    assert (news.id, news.direction, news.number) == ("CA1", IN, NUMBER)
    assert (news.state, news.is_over) == (state, is_over)


def test_a_call_of_ours_is_to_the_other_side() -> None:
    said = ring(Direction="outbound-api", From="+441632960000", To=NUMBER, CallStatus="completed")
    news = read_twilio(said, passes_on=True)
    assert isinstance(news, CallNews)
    assert (news.direction, news.number, news.state) == (OUT, NUMBER, CONNECTED)


def test_the_far_end_speaks_for_the_call_that_was_passed_on() -> None:
    far = {"CallSid": "CA2", "ParentCallSid": "CA1", "Direction": "outbound-dial"}
    news = read_twilio(ring(**far, CallStatus="in-progress"), passes_on=True)
    assert news == CallNews("CA1", IN, NUMBER, CONNECTED)
    assert read_twilio(ring(**far, CallStatus="ringing"), passes_on=True) == CallNews(
        "CA1", IN, NUMBER, RINGING
    )


@pytest.mark.parametrize("said", [{}, {"CallSid": "CA1"}, {"CallStatus": "ringing"}])
def test_neither_a_call_nor_a_text_is_unreadable(said: dict[str, str]) -> None:
    with pytest.raises(Unreadable):
        read_twilio(said, passes_on=False)


def test_news_of_a_text_that_we_sent_is_no_text_that_came() -> None:
    assert read_twilio(text("Hello", SmsStatus="delivered"), passes_on=False) is None
    assert read_twilio(text("Hello", MessageStatus="sent"), passes_on=False) is None


def test_twilio_may_name_the_wish_itself() -> None:
    news = read_twilio(text("Genug", OptOutType="STOP"), passes_on=False)
    assert isinstance(news, TextNews)
    assert news.keyword == TextKeyword.STOP


@pytest.mark.parametrize(
    "word",
    ["STOP", "stop", " Stop. ", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "ＳＴＯＰ"],
)
def test_the_standard_words_stop(word: str) -> None:
    assert keyword_of(word) == TextKeyword.STOP


@pytest.mark.parametrize(
    "words",
    [
        *("STOP please", "Please stop!", "stop, thank you", "Stop texting me pls", "“STOP”"),
        *("Don’t contact me", "please do not contact me.", "STOP\n"),
    ],
)
def test_who_asks_politely_is_not_contacted_any_more_either(words: str) -> None:
    assert keyword_of(words) == TextKeyword.STOP


@pytest.mark.parametrize("word", ["START", "Unstop", "Start please"])
def test_two_words_start(word: str) -> None:
    assert keyword_of(word) == TextKeyword.START


@pytest.mark.parametrize(
    "words",
    [
        *("", "YES", "please do not stop", "I want it to end", "stop it now", "...", "please"),
        *("I want to stop", "stop drinking please", "please cancel", "can you stop me", "I can't stop"),
    ],
)
def test_any_other_text_is_for_a_person_to_read(words: str) -> None:
    assert keyword_of(words) is None


@pytest.mark.parametrize(
    ("status", "state", "is_over"),
    [
        ("ringing", RINGING, False),
        ("answered", CONNECTED, False),
        ("ended", CONNECTED, True),
        ("missed", MISSED, True),
    ],
)
def test_any_other_system_says_it_in_json(status: str, state: CallState, is_over: bool) -> None:
    said = {"type": "call", "id": 7, "status": status, "direction": "in", "from": "07700 900123"}
    assert read_signed(json.dumps(said)) == CallNews("7", IN, NUMBER, state, is_over)
    out = said | {"direction": "out", "to": NUMBER, "from": "+441632960000", "seconds": 30}
    assert read_signed(json.dumps(out)) == CallNews("7", OUT, NUMBER, state, is_over, 30)


def test_any_other_system_sends_texts_too() -> None:
    said = {"type": "text", "id": "t1", "from": NUMBER, "text": "stop"}
    assert read_signed(json.dumps(said)) == TextNews("t1", NUMBER, "stop", TextKeyword.STOP)


@pytest.mark.parametrize("said", [{}, {"id": None}, {"id": " "}])
def test_a_text_without_an_id_is_still_a_text(said: dict[str, str | None]) -> None:
    found = read_signed(json.dumps({"type": "text", "from": NUMBER, "text": None} | said))
    assert found == TextNews("", NUMBER, "")


def test_a_length_that_cannot_be_costs_no_call() -> None:
    said = {"type": "call", "id": 7, "status": "missed", "from": NUMBER, "seconds": 99999999999999}
    assert read_signed(json.dumps(said)) == CallNews("7", IN, NUMBER, MISSED, is_over=True)


def test_a_picture_is_said_to_have_come() -> None:
    news = read_twilio(text("Look", NumMedia="1"), passes_on=False)
    assert isinstance(news, TextNews)
    assert news.text.startswith("Look\n(With a picture")
    stop = read_twilio(text("STOP", NumMedia="1"), passes_on=False)
    assert isinstance(stop, TextNews)
    assert stop.keyword == TextKeyword.STOP


NO_ID = '{"type": "call", "status": "ringing", "id": null}'


@pytest.mark.parametrize(
    "body",
    [
        *("", "[]", "7", "{", "null", "[" * 60_000, '{"type": "fax", "id": 1}'),
        *('{"type": "call", "id": 1}', '{"type": "call"}', NO_ID),
    ],
    ids=lambda body: body[:20],
)
def test_what_makes_no_sense_is_unreadable(body: str) -> None:
    with pytest.raises(Unreadable):
        read_signed(body)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("07700 900123", NUMBER),
        ("+447700900123", NUMBER),
        ("anonymous", ""),
        ("+266696687", ""),
        ("+7378742883", ""),
        ("sip:07700900123@example.org", ""),
        ("client:casey", ""),
        ("", ""),
        ("12", ""),
        ("999999", "999999"),
    ],
)
def test_numbers_are_read_as_they_are_written(written: str, number: str) -> None:
    assert caller_number(written) == number
