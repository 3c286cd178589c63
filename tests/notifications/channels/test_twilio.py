"""Texts and calls against a Twilio on loopback."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from xml.etree import ElementTree

import pytest

from notifications.channels.base import AddressGone, Channel, Handed, Outgoing, Stopped
from notifications.channels.sms import send_by_twilio_sms
from notifications.channels.spoken import call_script, spell
from notifications.channels.voice import send_by_twilio_call
from tests.notifications.channels.failing import failure
from tests.notifications.patience import IN_TIME, SHORT
from tests.notifications.peers.server import Reply
from tests.notifications.peers.twilio import NUMBERS, Twilio, refusal

ID = "018f0000-0000-7000-8000-000000000001"
TO = "+447700900123"
ALERT = Outgoing(
    id=ID,
    to=TO,
    subject="An urgent lead waits",
    text="7KX3-9QF2: call within 30 minutes.\nhttps://help.example/desk/leads/7KX3-9QF2/\n",
    reference="7KX3-9QF2",
    level="Urgent, call within 30 minutes",
    answer_to="https://help.example/hooks/answers/abc/?a=1&b=2",
    useful_for=600,
)
BOTH = pytest.mark.parametrize("send", [send_by_twilio_sms, send_by_twilio_call])


def again() -> Outgoing:
    """Return the alert as another try of it, of which an earlier one may have been taken."""
    return replace(ALERT, maybe_taken_at=datetime.now(UTC))


# --- what is handed over


def test_a_text_is_handed_over_and_known_by_its_sid(twilio: Twilio) -> None:
    twilio.then("ok")
    assert send_by_twilio_sms(ALERT) == Handed(twilio.made[0]["sid"])
    form = twilio.form(twilio.asked[0])
    assert (form["To"], form["From"], form["Body"]) == ([TO], [NUMBERS], [ALERT.text.strip()])
    assert form["ValidityPeriod"] == ["600"]
    assert form["StatusCallback"] == [f"https://help.example/hooks/receipts/twilio/?message={ID}"]


def test_a_text_may_come_from_a_messaging_service(twilio: Twilio, settings: Any) -> None:
    settings.TWILIO_SMS_FROM = "MG00000000000000000000000000000001"
    twilio.then("ok")
    send_by_twilio_sms(ALERT)
    assert twilio.form(twilio.asked[0])["MessagingServiceSid"] == [settings.TWILIO_SMS_FROM]


@pytest.mark.parametrize(("useful_for", "validity"), [(0, "1"), (10**9, "36000")])
def test_a_text_is_valid_as_long_as_twilio_allows(twilio: Twilio, useful_for: int, validity: str) -> None:
    twilio.then("ok")
    send_by_twilio_sms(replace(ALERT, useful_for=useful_for))
    assert twilio.form(twilio.asked[0])["ValidityPeriod"] == [validity]


def test_no_receipts_are_asked_for_where_we_cannot_be_reached(twilio: Twilio, settings: Any) -> None:
    settings.BASE_URL = "http://127.0.0.1:8000"
    twilio.then("ok")
    send_by_twilio_sms(ALERT)
    assert "StatusCallback" not in twilio.form(twilio.asked[0])


def test_a_call_is_made_and_known_by_its_sid(twilio: Twilio) -> None:
    twilio.then("ok")
    assert send_by_twilio_call(ALERT) == Handed(twilio.made[0]["sid"])
    form = twilio.form(twilio.asked[0])
    assert (form["To"], form["From"], form["Timeout"]) == ([TO], [NUMBERS], ["30"])
    assert form["Twiml"] == [call_script(ALERT)]
    assert form["StatusCallbackEvent"] == ["answered", "completed"]


@BOTH
@pytest.mark.parametrize(
    "to", ["", "07700 900123", "447700900123", "+44", "+0123456789", "robin@example.org"]
)
def test_what_is_no_number_is_refused_before_it_leaves(twilio: Twilio, send: Channel, to: str) -> None:
    error = failure(send, replace(ALERT, to=to))
    assert (error.reason, error.permanent) == ("InvalidAddress", True)


@BOTH
@pytest.mark.parametrize("word", ["half", "huge"])
def test_what_was_taken_is_handed_over_even_without_a_sid(twilio: Twilio, send: Channel, word: str) -> None:
    twilio.then(word)
    assert send(ALERT) == Handed("")
    assert len(twilio.made) == 1


NESTED = b"[" * 60_000  # 64 kB are read; no JSON reader can follow that


@BOTH
def test_an_answer_that_no_reader_can_follow_changes_nothing_about_what_was_taken(
    twilio: Twilio, send: Channel
) -> None:
    twilio.then(Reply(201, NESTED), Reply(400, NESTED))
    assert send(ALERT) == Handed("")
    assert failure(send, ALERT).reason == "HTTP 400"


# --- what is refused


@BOTH
@pytest.mark.parametrize("code", [21211, 21214, 21217, 21401, 21407, 21421, 21614, 21635, 13223, 13224])
def test_a_number_that_cannot_be_reached_never_will(twilio: Twilio, send: Channel, code: int) -> None:
    twilio.then(refusal(code))
    error = failure(send, ALERT)
    assert isinstance(error, AddressGone)
    assert (error.reason, error.permanent, error.ambiguous) == (f"Twilio {code}", True, False)
    assert TO not in f"{error} {error.args}"


def test_a_recipient_who_texted_stop_is_reported_as_one(twilio: Twilio) -> None:
    twilio.then(refusal(21610))
    error = failure(send_by_twilio_sms, ALERT)
    assert isinstance(error, Stopped)
    assert (error.reason, error.permanent) == ("Twilio 21610", True)


@pytest.mark.parametrize("code", [21602, 21612, 21617, 32018])
def test_a_message_that_will_never_do_says_nothing_about_the_number(twilio: Twilio, code: int) -> None:
    twilio.then(refusal(code))
    error = failure(send_by_twilio_sms, ALERT)
    assert error.permanent
    assert not isinstance(error, AddressGone | Stopped)


@BOTH
@pytest.mark.parametrize(("code", "status"), [(20003, 401), (21408, 403), (21606, 400), (20404, 404)])
def test_what_is_wrong_with_our_account_can_be_put_right(
    twilio: Twilio, send: Channel, code: int, status: int
) -> None:
    twilio.then(refusal(code, status))
    error = failure(send, ALERT)
    assert (error.reason, error.permanent, error.ambiguous) == (f"Twilio {code}", False, False)


def test_a_wrong_token_gets_nothing_sent(twilio: Twilio, settings: Any) -> None:
    settings.TWILIO_AUTH_TOKEN = "wrong"
    twilio.then("ok")
    error = failure(send_by_twilio_sms, ALERT)
    assert (error.reason, error.permanent) == ("Twilio 20003", False)
    assert twilio.faults == ["wrong: not logged in"]
    twilio.faults.clear()


@BOTH
def test_too_many_requests_are_put_off_as_long_as_twilio_says(twilio: Twilio, send: Channel) -> None:
    answer = refusal(20429, 429)
    twilio.then(replace(answer, headers={"Retry-After": "3"}))
    error = failure(send, ALERT)
    assert (error.permanent, error.retry_after, error.ambiguous) == (False, 3, False)


@BOTH
@pytest.mark.parametrize(("status", "unsure"), [(500, True), (502, True), (503, False), (504, True)])
def test_a_fault_of_twilios_may_have_come_after_taking_it(
    twilio: Twilio, send: Channel, status: int, *, unsure: bool
) -> None:
    twilio.then(Reply(status, b"<html>Bad gateway</html>"))
    error = failure(send, ALERT)
    assert (error.reason, error.permanent, error.ambiguous) == (f"HTTP {status}", False, unsure)


@BOTH
@pytest.mark.parametrize("word", ["hang", "drip"])
def test_a_slow_twilio_is_left_in_time(twilio: Twilio, settings: Any, send: Channel, word: str) -> None:
    settings.OUTGOING_TIMEOUT = SHORT
    twilio.then(word)
    began = time.monotonic()
    error = failure(send, ALERT)
    assert (error.reason, error.permanent, error.ambiguous) == ("TimeoutError", False, True)
    assert time.monotonic() - began < IN_TIME


@BOTH
@pytest.mark.parametrize("word", ["lost", "hangup", "garbage"])
def test_a_broken_answer_leaves_open_whether_it_was_taken(twilio: Twilio, send: Channel, word: str) -> None:
    twilio.then(word)
    error = failure(send, ALERT)
    assert (error.permanent, error.ambiguous) == (False, True)


# --- another try of what may have been taken


@BOTH
def test_what_was_taken_before_is_not_sent_again(twilio: Twilio, settings: Any, send: Channel) -> None:
    settings.OUTGOING_TIMEOUT = SHORT
    twilio.then("hang", "ok")
    assert failure(send, ALERT).ambiguous
    settings.OUTGOING_TIMEOUT = 10
    assert send(again()) == Handed(twilio.made[0]["sid"])
    assert len(twilio.made) == 1


@BOTH
def test_what_was_not_taken_before_is_sent_now(twilio: Twilio, send: Channel) -> None:
    twilio.then("hangup", "ok", "ok")
    assert failure(send, ALERT).ambiguous
    assert send(again()) == Handed(twilio.made[0]["sid"])
    assert len(twilio.made) == 1


@BOTH
@pytest.mark.parametrize(
    "changes",
    [
        {"To": "+447700900999"},
        {"status": "failed"},
        {"date_created": format_datetime(datetime.now(UTC) - timedelta(minutes=5))},
        {"date_created": "yesterday"},
    ],
)
def test_another_one_is_not_mistaken_for_it(twilio: Twilio, send: Channel, changes: dict[str, str]) -> None:
    kind = "messages" if send is send_by_twilio_sms else "calls"
    twilio.add(kind, **{"To": TO, "Body": ALERT.text} | changes)
    twilio.then("ok", "ok")
    send(again())
    assert len(twilio.made) == 2


def test_a_text_of_other_words_is_not_mistaken_for_it(twilio: Twilio) -> None:
    twilio.add("messages", To=TO, Body="2MB4-7TTT: call within 30 minutes.")
    twilio.then("ok", "ok")
    send_by_twilio_sms(again())
    assert len(twilio.made) == 2


def test_a_text_is_known_by_its_words_even_if_twilio_changed_signs(twilio: Twilio) -> None:
    twilio.add(
        "messages", To=TO, Body=f"Sent from your Twilio trial account - {ALERT.text.replace(':', '.')}"
    )
    twilio.then("ok")
    assert send_by_twilio_sms(again()) == Handed(twilio.made[0]["sid"])


@BOTH
@pytest.mark.parametrize("answer", ["hangup", "garbage", Reply(503), Reply(200, ["?"]), refusal(20429, 429)])
def test_nothing_is_sent_again_while_twilio_cannot_be_asked(
    twilio: Twilio, send: Channel, answer: str | Reply
) -> None:
    twilio.then(answer)
    error = failure(send, again())
    assert (error.permanent, error.ambiguous) == (False, True)
    assert [asked.method for asked in twilio.asked] == ["GET"]


# --- what a call says


def test_a_call_says_reference_and_level_and_waits_for_one_key() -> None:
    script = ElementTree.fromstring(call_script(ALERT))
    gathers = script.findall("Gather")
    assert len(gathers) == 3
    for count, gather in enumerate(gathers, 1):
        assert (gather.get("numDigits"), gather.get("method")) == ("1", "POST")
        assert gather.get("action") == f"{ALERT.answer_to}&time={count}"
        said = "".join(gather.itertext())
        assert "Urgent, call within 30 minutes." in said
        assert "Reference: 7, K, X, 3, 9, Q, F, 2." in said
        assert "Press 1 to say that you have it." in said


def test_a_call_without_an_address_for_answers_asks_for_no_key() -> None:
    script = ElementTree.fromstring(call_script(replace(ALERT, answer_to="")))
    assert script.find("Gather") is None
    assert "Press" not in "".join(script.itertext())


def test_a_call_about_no_lead_says_its_subject() -> None:
    said = call_script(Outgoing(id=ID, to=TO, subject="A test <of> your alerts & more", text=""))
    assert "A test &lt;of&gt; your alerts &amp; more." in said
    assert "Reference" not in said


def test_a_call_says_nothing_of_the_text_or_the_link() -> None:
    said = call_script(replace(ALERT, text="Robin Sample", link="https://help.example/x"))
    assert "Robin" not in said
    assert "help.example/x" not in said


def test_a_reference_is_spelt() -> None:
    assert spell("7KX3-9QF2") == "7, K, X, 3, 9, Q, F, 2."
