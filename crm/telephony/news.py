"""What a phone system tells us, read: a call that moved on, or a text that came."""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crm.enums import CallDirection, CallState, TextKeyword
from crm.telephony.numbers import caller_number

# Standard words of the networks, alone in a message. YES is left out: it answers questions, too.
STOP_WORDS = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit"})
START_WORDS = frozenset({"start", "unstop"})
TWILIO_OVER = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
OTHERS = {
    "ringing": (CallState.RINGING, False),
    "answered": (CallState.CONNECTED, False),
    "ended": (CallState.CONNECTED, True),
    "missed": (CallState.MISSED, True),
}


class Unreadable(ValueError):
    """It was signed, and still it makes no sense. The message never repeats what was sent."""


@dataclass(frozen=True, slots=True)
class CallNews:
    """What is known of a call by now. `number` is the other side's, "" when it is withheld."""

    id: str
    direction: CallDirection
    number: str
    state: CallState
    is_over: bool = False
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class TextNews:
    id: str
    number: str
    text: str
    keyword: TextKeyword | None = None


def read_twilio(said: Mapping[str, str], *, passes_on: bool) -> CallNews | TextNews | None:
    """Return what Twilio's parameters say, None for news of a text that we sent. Raises Unreadable.

    `passes_on`: we answer its calls ourselves to pass them on, so only the far end's phone says "answered".
    """
    if said.get("MessageSid"):
        return _of_text(said)
    if not said.get("CallSid") or not said.get("CallStatus"):
        raise Unreadable("neither a call nor a text")
    if said.get("ParentCallSid") and said.get("Direction") == "outbound-dial":
        return _of_the_far_end(said)
    incoming = said.get("Direction", "inbound") == "inbound"
    state = _twilio_state(said, passes_on=passes_on and incoming)
    return CallNews(
        id=said["CallSid"],
        direction=CallDirection.IN if incoming else CallDirection.OUT,
        number=caller_number(said.get("From" if incoming else "To", "")),
        state=state,
        is_over=said["CallStatus"] in TWILIO_OVER or bool(said.get("DialCallStatus")),
        seconds=_number(said.get("DialCallDuration") or said.get("CallDuration")),
    )


def read_signed(body: str) -> CallNews | TextNews:
    """Return what any other system's JSON says, see docs/how-to/connect-a-phone-system. Raises Unreadable."""
    try:
        said = json.loads(body)
        kind, found = said["type"], str(said["id"])
        if kind == "text":
            text = str(said.get("text", ""))
            return TextNews(found, caller_number(str(said.get("from", ""))), text, keyword_of(text))
        if kind != "call":
            raise Unreadable("neither a call nor a text")
        return _of_call(found, said)
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise Unreadable(type(error).__name__) from None


def keyword_of(text: str) -> TextKeyword | None:
    """Return what a text of one standard word asks for; signs and blanks around it do not matter."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    word = plain.strip().strip(".,!?'\"“”‘’ ")
    if word in STOP_WORDS:
        return TextKeyword.STOP
    return TextKeyword.START if word in START_WORDS else None


def _of_text(said: Mapping[str, str]) -> TextNews | None:
    if said.get("MessageStatus", said.get("SmsStatus", "received")) != "received":
        return None
    text = said.get("Body", "")
    keyword = _named(said.get("OptOutType", "")) or keyword_of(text)
    return TextNews(said["MessageSid"], caller_number(said.get("From", "")), text, keyword)


def _of_call(found: str, said: Mapping[str, Any]) -> CallNews:
    direction = CallDirection.OUT if said.get("direction") == "out" else CallDirection.IN
    state, is_over = OTHERS[str(said["status"])]
    other = said.get("from" if direction == CallDirection.IN else "to")
    seconds = _number(str(said.get("seconds", "")))
    return CallNews(found, direction, caller_number(str(other or "")), state, is_over, seconds)


def _of_the_far_end(said: Mapping[str, str]) -> CallNews:
    """The phone to which a call was passed on: that it answers says that the caller was spoken with."""
    answered = said["CallStatus"] in {"in-progress", "completed"} and not _is_machine(said)
    state = CallState.CONNECTED if answered else CallState.RINGING
    return CallNews(said["ParentCallSid"], CallDirection.IN, caller_number(said.get("From", "")), state)


def _twilio_state(said: Mapping[str, str], *, passes_on: bool) -> CallState:
    dialled = said.get("DialCallStatus")
    status = dialled or said["CallStatus"]
    if status in {"completed", "answered", "in-progress"} and not _is_machine(said):
        if dialled or not passes_on:
            return CallState.CONNECTED
        return CallState.MISSED if status == "completed" else CallState.RINGING
    return CallState.MISSED if status in TWILIO_OVER else CallState.RINGING


def _is_machine(said: Mapping[str, str]) -> bool:
    return said.get("AnsweredBy", "").startswith(("machine", "fax"))


def _named(kind: str) -> TextKeyword | None:
    return TextKeyword(kind) if kind in TextKeyword.values else None


def _number(written: str | None) -> int | None:
    return int(written) if written and written.isascii() and written.isdigit() else None
