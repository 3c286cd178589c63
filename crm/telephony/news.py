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
# What people write in place of the one word. "Stop" anywhere else may be about what they take.
DOINGS = ("texting", "messaging", "contacting", "calling", "ringing", "emailing")
WISHES = frozenset(
    {
        *("stop", "stopall", "stop all", "unsubscribe", "unsubscribe me", "stop texting"),
        *(f"stop {doing} me" for doing in DOINGS),
        *("do not contact me", "dont contact me"),
    }
)
COURTESIES = frozenset({"please", "pls", "plz", "thanks", "thank", "you", "thx", "kindly"})
NO_APOSTROPHES = str.maketrans("", "", "'’‘")
PICTURE = "(With a picture or a file, which is not taken in here: ask what it shows.)"
LONGEST_CALL = 7 * 24 * 60 * 60  # seconds: what claims to be longer says nothing of its length
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
    """A text. Without an id of its own ("") it is known by the message that brought it."""

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
        kind, found = said["type"], _id(said.get("id"))
        if kind == "text":
            text = str(said.get("text") or "")
            return TextNews(found, caller_number(str(said.get("from", ""))), text, keyword_of(text))
        if kind != "call" or not found:
            raise Unreadable("neither a text nor a call with an id")
        return _of_call(found, said)
    except (KeyError, TypeError, AttributeError, RecursionError, json.JSONDecodeError) as error:
        raise Unreadable(type(error).__name__) from None


def keyword_of(text: str) -> TextKeyword | None:
    """Return what a text of one standard word asks for; signs, blanks and a "please" do not matter."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(NO_APOSTROPHES)
    words = "".join(sign if sign.isalnum() else " " for sign in plain).split()
    wish = " ".join(word for word in words if word not in COURTESIES)
    if " ".join(words) in STOP_WORDS or wish in WISHES:
        return TextKeyword.STOP
    return TextKeyword.START if wish in START_WORDS else None


def _of_text(said: Mapping[str, str]) -> TextNews | None:
    if said.get("MessageStatus", said.get("SmsStatus", "received")) != "received":
        return None
    text = said.get("Body", "")
    if said.get("NumMedia", "0") not in {"", "0"}:
        text = f"{text}\n{PICTURE}".strip()
    keyword = _named(said.get("OptOutType", "")) or keyword_of(said.get("Body", ""))
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
    if not (written and written.isascii() and written.isdigit() and len(written) < 8):
        return None
    return int(written) if int(written) <= LONGEST_CALL else None


def _id(said: object) -> str:
    return "" if said is None else str(said).strip()
