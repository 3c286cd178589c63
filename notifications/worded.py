"""Which wording of a message to callers is meant: its kind and channel, whose voice, which language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from notifications.catalogue import CATALOGUE, WORDED
from notifications.enums import ChannelName, Language, MessageKind, Voice
from notifications.shipped import shipped_words
from notifications.wording import Words


@dataclass(frozen=True, slots=True)
class Worded:
    """Raises KeyError or ValueError when it is made of something that there are no words of."""

    kind: MessageKind
    channel: ChannelName
    voice: Voice = Voice.SELF
    language: Language = Language.ENGLISH

    def __post_init__(self) -> None:
        if self.kind not in WORDED or self.channel not in CATALOGUE[self.kind].channels:
            raise KeyError(f"{self.kind} by {self.channel}")

    @classmethod
    def of(cls, *, kind: str, channel: str, context: Mapping[str, str]) -> Self:
        """Return which wording a message of this context has: to the person themselves, in English, unless
        the context chooses.
        """
        return cls(
            MessageKind(kind),
            ChannelName(channel),
            Voice(context.get("voice", Voice.SELF)),
            Language(context.get("language", Language.ENGLISH)),
        )

    @property
    def shipped(self) -> Words:
        return shipped_words(self.kind, self.channel, self.voice, self.language)

    def as_columns(self) -> dict[str, str]:
        """Return the columns of Wording and WordingChange that say which it is."""
        return {
            "kind": self.kind,
            "channel": self.channel,
            "voice": self.voice,
            "language": self.language,
        }
