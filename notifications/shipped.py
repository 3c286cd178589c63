"""The words that ship: version 0 of every message to callers, in notifications/words/<language>.yaml.

There, a line that begins with [self], [loved_one] or [professional] is of that voice only.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from notifications.catalogue import CATALOGUE, WORDED
from notifications.enums import ChannelName, Language, MessageKind, Voice
from notifications.wording import Words, conditions_in

FOLDER = Path(__file__).with_name("words")


def shipped_words(kind: MessageKind, channel: ChannelName, voice: Voice, language: Language) -> Words:
    """Return version 0. Raises KeyError for what has no words: every kind has, see tests."""
    return _every_wording()[kind, channel, voice, language]


def every_wording() -> list[tuple[MessageKind, ChannelName, Voice, Language]]:
    """Return what of each message there is a wording of."""
    return list(_every_wording())


@lru_cache(maxsize=1)
def _every_wording() -> dict[tuple[MessageKind, ChannelName, Voice, Language], Words]:
    files = {language: _read(language) for language in Language}
    return {
        (kind, channel, voice, language): _for_voice(said[kind.value][channel.value], voice)
        for language, said in files.items()
        for kind in WORDED
        for channel in CATALOGUE[kind].channels
        for voice in Voice
    }


def _read(language: Language) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    return read


def _for_voice(said: dict[str, str], voice: Voice) -> Words:
    lines = [_line_for(line, voice) for line in said["text"].strip().split("\n")]
    return Words(said.get("subject", ""), "\n".join(line for line in lines if line is not None))


def _line_for(line: str, voice: Voice) -> str | None:
    """Return a line without the name of its voice, None for a line of another voice."""
    conditions, rest = conditions_in(line)
    of = [each for each in conditions if each in Voice.values]
    if of and voice not in of:
        return None
    return "".join(f"[{each}] " for each in conditions if each not in of) + rest
