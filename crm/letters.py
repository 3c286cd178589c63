"""Ready-made words to the people of a lead, by e-mail and text, in the voice for them. No clinical word."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from crm.enums import CallerRole, ContactMethod
from notifications.channels.registry import channels_in_use
from notifications.enums import ChannelName, Language, MessageKind, Voice

LETTERS = (
    MessageKind.CALLER_TRIED,
    MessageKind.CALLER_PROMISE,
    MessageKind.CALLER_CALL_BACK,
    MessageKind.CALLER_NEW_TIME,
    MessageKind.CALLER_OPEN_DOOR,
)
SAY_WHEN = (MessageKind.CALLER_CALL_BACK, MessageKind.CALLER_NEW_TIME)
# What nobody needs to read any more once we have spoken, or once the lead is over.
UNTIL_WE_SPEAK = (
    MessageKind.ENQUIRY_ACKNOWLEDGEMENT,
    MessageKind.CALLER_PROMISE,
    MessageKind.CALLER_TRIED,
)
LETTERS_ABOUT_OPEN_LEADS = (MessageKind.CALLER_PROMISE, MessageKind.CALLER_TRIED, *SAY_WHEN)
VOICES = {CallerRole.LOVED_ONE: Voice.LOVED_ONE, CallerRole.PROFESSIONAL: Voice.PROFESSIONAL}
BY = {ContactMethod.EMAIL: ChannelName.EMAIL, ContactMethod.TEXT: ChannelName.SMS}


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as it would go out. `no_email` and `no_text` say why that way is not open, if it is not.

    `waits_until`: it would go out then, because only then it is safe.
    """

    kind: MessageKind
    subject: str
    body: str
    text: str
    no_email: str
    no_text: str
    waits_until: datetime | None = None
    language: Language = Language.ENGLISH

    @property
    def asks_why(self) -> bool:
        """Return whether whoever sends it has to say why a time has changed."""
        return self.kind == MessageKind.CALLER_NEW_TIME


def sends_texts() -> bool:
    """Return whether the settings let us send texts; otherwise somebody does it by hand."""
    return ChannelName.SMS in channels_in_use()


def voice_for(caller_role: str) -> Voice:
    """Return in which voice a caller is written to."""
    return VOICES.get(CallerRole(caller_role), Voice.SELF)


def language_for(came_from: Mapping[str, str]) -> Language:
    """Return the language of the form that somebody filled in, English where there are no words in it."""
    return next((each for each in Language if each.label == came_from.get("language")), Language.ENGLISH)
