"""Ready-made words to the people of a lead, by e-mail and text, in the voice for them. No clinical word."""

from dataclasses import dataclass

from crm.enums import CallerRole
from notifications.enums import MessageKind

LETTERS = (MessageKind.CALLER_TRIED, MessageKind.CALLER_CALL_BACK, MessageKind.CALLER_OPEN_DOOR)
VOICES = {CallerRole.LOVED_ONE: "loved_one", CallerRole.PROFESSIONAL: "professional"}
# A text may be read on a locked screen by anybody: a name and a number, and nothing else.
TEXTS = {
    MessageKind.CALLER_TRIED: "Hello, {sender} here. I tried to call you. My number is {phone}.",
    MessageKind.CALLER_CALL_BACK: "Hello, {sender} here. I will call you at {call_at}. If that is no longer "
    "good, my number is {phone}.",
    MessageKind.CALLER_OPEN_DOOR: "Hello, {sender} here. You can call me at any time on {phone}.",
}


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as it would go out. `no_email` and `no_text` say why that way is not open, if it is not."""

    kind: MessageKind
    subject: str
    body: str
    text: str
    no_email: str
    no_text: str


def voice_for(caller_role: str) -> str:
    """Return in which voice a caller is written to."""
    return VOICES.get(CallerRole(caller_role), "self")
