"""Twilio's status callbacks, of texts and of calls.

https://www.twilio.com/docs/messaging/guides/track-outbound-message-status and
https://www.twilio.com/docs/voice/api/call-resource#statuscallback
"""

from collections.abc import Mapping

from notifications.hooks.receipts import Receipt, ReceiptState, Unreadable

STOPPED = {"21610"}  # the recipient has texted STOP
GONE = {  # https://www.twilio.com/docs/api/errors/<code>; 30003 (switched off) and 30008 (unknown) may pass
    "21211",  # the number is invalid
    "21614",  # not a mobile number
    "21635",  # a landline
    "30005",  # the number is unknown
    "30006",  # a landline, or a network that cannot be reached
}
TEXTS = {
    "accepted": ReceiptState.ON_ITS_WAY,
    "scheduled": ReceiptState.ON_ITS_WAY,
    "queued": ReceiptState.ON_ITS_WAY,
    "sending": ReceiptState.ON_ITS_WAY,
    "sent": ReceiptState.ON_ITS_WAY,
    "delivered": ReceiptState.DELIVERED,
    "read": ReceiptState.READ,
    "undelivered": ReceiptState.FAILED,
    "failed": ReceiptState.FAILED,
    "canceled": ReceiptState.FAILED,
}
CALLS = {
    "queued": ReceiptState.ON_ITS_WAY,
    "initiated": ReceiptState.ON_ITS_WAY,
    "ringing": ReceiptState.ON_ITS_WAY,
    "in-progress": ReceiptState.DELIVERED,
    "completed": ReceiptState.DELIVERED,
    "busy": ReceiptState.FAILED,
    "no-answer": ReceiptState.FAILED,
    "failed": ReceiptState.FAILED,
    "canceled": ReceiptState.FAILED,
}


def read_twilio(said: Mapping[str, str], *, message: str = "") -> Receipt:
    """Return what a signed callback says; `message` stands in its address. Raises Unreadable."""
    if sid := said.get("MessageSid"):
        return _receipt(sid, _state(TEXTS, said.get("MessageStatus", "")), said.get("ErrorCode", ""), message)
    if sid := said.get("CallSid"):
        state, reason = _of_call(said)
        return _receipt(sid, state, reason, message)
    raise Unreadable("neither a text nor a call")


def _of_call(said: Mapping[str, str]) -> tuple[ReceiptState, str]:
    """Return state and reason. That a machine picked up is not that a person did."""
    status = said.get("CallStatus", "")
    state = _state(CALLS, status)
    if state == ReceiptState.DELIVERED and said.get("AnsweredBy", "").startswith(("machine", "fax")):
        return ReceiptState.FAILED, "machine"
    return state, status if state.is_bad_news else ""


def _state(states: Mapping[str, ReceiptState], status: str) -> ReceiptState:
    try:
        return states[status]
    except KeyError:
        raise Unreadable("an unknown status") from None


def _receipt(sid: str, state: ReceiptState, reason: str, message: str) -> Receipt:
    if reason in STOPPED:
        state = ReceiptState.STOPPED
    elif reason in GONE:
        state = ReceiptState.GONE
    named = f"Twilio {reason}" if reason and state.is_bad_news else ""
    return Receipt(sid, state, named, message)
