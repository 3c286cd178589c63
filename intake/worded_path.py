"""Which wording of a message to callers an address is about: caller_tried/email/self/en."""

from notifications.enums import ChannelName, Language, MessageKind, Voice
from notifications.worded import Worded


class WordedPath:
    """A path converter. An address of what there are no words of is no address of ours."""

    regex = r"[a-z_]+/[a-z]+/[a-z_]+/[a-z]{2}"

    def to_python(self, value: str) -> Worded:
        kind, channel, voice, language = value.split("/")
        try:
            return Worded(
                MessageKind(kind.upper()), ChannelName(channel.upper()), Voice(voice), Language(language)
            )
        except KeyError:
            raise ValueError(value) from None

    def to_url(self, worded: Worded) -> str:
        return "/".join(worded.as_columns().values()).lower()
