"""What a call says: TwiML, https://www.twilio.com/docs/voice/twiml

Whoever picks up may not be whom we rang, and may be a machine: a reference and how soon, and no name. The key
is asked for each time; a machine presses none, and so says nothing to us.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from notifications.channels.base import Outgoing

TIMES = 3
WAIT = 6  # seconds for the key, each time
KEY = "1"
ALERT = "This is an alert for the person on call."
PRESS = f"Press {KEY} to say that you have it."
PRESS_IF_IT_CAME = f"Press {KEY} to say that it came."
SILENT = "Goodbye."
COUNTER = "time"  # in the address for the key: how often it has been said by then


@dataclass(frozen=True, slots=True)
class Script:
    """What is said: how soon or what about, which lead, and where a key that is pressed is posted to.

    `opening` is said first: whatever is no alert has none. `press` says what the key is for, `again` which
    alert about the lead it is, if not the first.
    """

    about: str
    reference: str = ""
    answer_to: str = ""
    opening: str = ALERT
    press: str = PRESS
    again: str = ""


def call_script(outgoing: Outgoing) -> str:
    """Return the TwiML of a call: the message a few times over, each time with a wait for the key."""
    if outgoing.spoken:
        return say_again(of_test(outgoing.spoken, outgoing.answer_to))
    about = outgoing.level or outgoing.subject
    return say_again(Script(about, outgoing.reference, outgoing.answer_to, again=outgoing.again))


def again_in_words(said: Mapping[str, str]) -> str:
    """Return what is said first of an alert that is repeated, "" of the first one about a lead."""
    if "nth" not in said:
        return ""
    waiting = f"{said['nth']} alert, waiting since {said['since']}"
    if "answered" not in said:
        return waiting
    return f"{waiting}. Answered at {said['answered']}, nobody has called since"


def of_test(spoken: str, answer_to: str) -> Script:
    """Return what a call says that is no alert."""
    return Script(spoken, answer_to=answer_to, opening="", press=PRESS_IF_IT_CAME)


def a_test_from(sender: str) -> str:
    """Return what a call says that is only a test."""
    return f"This is a test from {sender}. Nobody is waiting"


def say_again(script: Script, *, after: int = 0) -> str:
    """Return what is left to say after so many times."""
    return _response("".join(_once(script, time) for time in range(after + 1, TIMES + 1)) + _say(SILENT))


def say_and_hang_up(words: str) -> str:
    """Return the TwiML that ends a call with a few words."""
    return _response(_say(words) + _say(SILENT))


def spell(reference: str) -> str:
    """Return a reference letter by letter, so that no voice reads it as a word: "7, K, X, 3." """
    return ", ".join(sign for sign in reference if sign.isalnum()) + "."


def times_said(asked: Mapping[str, str]) -> int:
    """Return how often it has been said by now; Twilio signs the address, and so this number."""
    said = asked.get(COUNTER, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 3 else 1


def _once(script: Script, time: int) -> str:
    words = _say(_words(script))
    if not script.answer_to:
        return words
    joint = "&" if "?" in script.answer_to else "?"
    there = quoteattr(f"{script.answer_to}{joint}{COUNTER}={time}")
    return (
        f'<Gather input="dtmf" numDigits="1" timeout="{WAIT}" method="POST" action={there}>{words}</Gather>'
    )


def _words(script: Script) -> str:
    parts = [script.opening, _sentence(script.again), _sentence(script.about)]
    if script.reference:
        parts.append(f"Reference: {spell(script.reference)}")
    if script.answer_to:
        parts.append(script.press)
    return " ".join(part for part in parts if part)


def _sentence(words: str) -> str:
    return f"{words.rstrip('.')}." if words else ""


def _say(words: str) -> str:
    return f'<Say language="en-GB">{escape(words)}</Say>'


def _response(verbs: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{verbs}</Response>'
