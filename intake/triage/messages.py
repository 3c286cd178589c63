"""The words that callers are told, by message key and by whom they speak to (triage/SPEC section 3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from intake.enums import Voice

SHIPPED_FILE = Path(__file__).parent.parent / "content" / "messages.yaml"


@dataclass(frozen=True, slots=True)
class CallerText:
    key: str
    voice: Voice
    version: str
    text: str


def texts_for(keys: Iterable[str], voice: Voice) -> list[CallerText]:
    """Return the shipped texts in the order of the keys. Raises KeyError for a key that has no text."""
    texts = shipped_texts()
    return [texts[key, voice] for key in keys]


def shipped_keys() -> frozenset[str]:
    return frozenset(key for key, _ in shipped_texts())


@lru_cache(maxsize=1)
def shipped_texts() -> dict[tuple[str, Voice], CallerText]:
    """Return every shipped text. The static emergency text is the same in every voice."""
    shipped = yaml.safe_load(SHIPPED_FILE.read_text(encoding="utf-8"))
    static = {key: dict.fromkeys(Voice.values, text) for key, text in shipped["static"].items()}
    return {
        (key, voice): CallerText(key, voice, shipped["version"], said[voice.value])
        for key, said in (shipped["messages"] | static).items()
        for voice in Voice
    }
