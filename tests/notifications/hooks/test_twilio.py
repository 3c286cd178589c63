"""What Twilio's status callbacks say, in the words of its documentation."""

import pytest

from notifications.hooks.receipts import Receipt, ReceiptState, Unreadable
from notifications.hooks.twilio import read_twilio

TEXT = {
    "MessageSid": "SM1",
    "SmsSid": "SM1",
    "AccountSid": "AC1",
    "From": "+441632960000",
    "To": "+447700900123",
}
CALL = {
    "CallSid": "CA1",
    "AccountSid": "AC1",
    "From": "+441632960000",
    "To": "+447700900123",
    "Direction": "outbound-api",
}
ON_ITS_WAY, DELIVERED, READ = ReceiptState.ON_ITS_WAY, ReceiptState.DELIVERED, ReceiptState.READ
FAILED, GONE, STOPPED = ReceiptState.FAILED, ReceiptState.GONE, ReceiptState.STOPPED


@pytest.mark.parametrize(
    ("status", "code", "state", "reason"),
    [
        ("queued", "", ON_ITS_WAY, ""),
        ("sent", "", ON_ITS_WAY, ""),
        ("delivered", "", DELIVERED, ""),
        ("read", "", READ, ""),
        ("undelivered", "30003", FAILED, "Twilio 30003"),
        ("undelivered", "30008", FAILED, "Twilio 30008"),
        ("undelivered", "30005", GONE, "Twilio 30005"),
        ("undelivered", "30006", GONE, "Twilio 30006"),
        ("failed", "21614", GONE, "Twilio 21614"),
        ("failed", "21610", STOPPED, "Twilio 21610"),
        ("failed", "", FAILED, ""),
    ],
)
def test_a_text(status: str, code: str, state: ReceiptState, reason: str) -> None:
    said = TEXT | {"MessageStatus": status} | ({"ErrorCode": code} if code else {})
    assert read_twilio(said, message="m") == Receipt("SM1", state, reason, "m")


@pytest.mark.parametrize(
    ("said", "state", "reason"),
    [
        ({"CallStatus": "ringing"}, ON_ITS_WAY, ""),
        ({"CallStatus": "in-progress"}, DELIVERED, ""),
        ({"CallStatus": "completed", "CallDuration": "31"}, DELIVERED, ""),
        ({"CallStatus": "completed", "AnsweredBy": "human"}, DELIVERED, ""),
        ({"CallStatus": "completed", "AnsweredBy": "machine_start"}, FAILED, "Twilio machine"),
        ({"CallStatus": "completed", "AnsweredBy": "fax"}, FAILED, "Twilio machine"),
        ({"CallStatus": "busy"}, FAILED, "Twilio busy"),
        ({"CallStatus": "no-answer"}, FAILED, "Twilio no-answer"),
        ({"CallStatus": "failed"}, FAILED, "Twilio failed"),
    ],
)
def test_a_call(said: dict[str, str], state: ReceiptState, reason: str) -> None:
    assert read_twilio(CALL | said) == Receipt("CA1", state, reason)


@pytest.mark.parametrize(
    "said", [{}, TEXT, CALL, TEXT | {"MessageStatus": "eaten"}, CALL | {"CallStatus": ""}]
)
def test_what_makes_no_sense_says_so_without_repeating_it(said: dict[str, str]) -> None:
    with pytest.raises(Unreadable) as caught:
        read_twilio(said)
    assert "7700900123" not in str(caught.value)
