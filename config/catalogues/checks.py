"""What a program can see of a translation: nothing missing, and all that is not words is still there."""

import re
from collections import Counter
from collections.abc import Iterator

from babel.messages.catalog import Catalog, Message

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}")
TAG = re.compile(r"</?\w+[^<>]*>")
QUOTE = re.compile(r'"')
NUMBER = re.compile(r"\d{3,}")  # of help lines: never another one, never in other digits

# Long reads that nobody needs in order to ask for help. They may wait for a translator.
PROSE = frozenset(
    [
        f"templates/intake/{name}.html"
        for name in ("privacy", "accessibility", "complaints", "guide", "guides")
    ]
    + [f"templates/intake/parts/{name}.html" for name in ("danger_signs", "ready")]
    + ["templates/403.html", "templates/403_csrf.html", "intake/content"]  # for staff; names of help lines
)


def is_journey(message: Message) -> bool:
    """Return whether somebody who asks for help reads this."""
    return not {place for place, _ in message.locations} <= PROSE


def texts_of(catalog: Catalog) -> list[Message]:
    """Return the entries in use, without the header."""
    return [message for message in catalog if message.id]


def faults_of(message: Message) -> list[str]:
    """Return what is wrong with one translation, in words; nothing for one that is still to be made."""
    sources, said = _as_list(message.id), [each for each in _as_list(message.string) if each]
    found = ["fuzzy"] if message.fuzzy else []
    if said and len(said) != len(_as_list(message.string)):
        found.append("a plural form is missing")
    return found + [fault for text in said for fault in _compared(sources[-1], text)]


def is_missing(message: Message) -> bool:
    return not all(_as_list(message.string))


def _as_list(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [text or ""] if text is None or isinstance(text, str) else list(text)


def _compared(source: str, text: str) -> Iterator[str]:
    """Quotes count because a text may stand in an attribute; each tag stands as it stood, in any order."""
    kinds = {"placeholders": PLACEHOLDER, "tags": TAG, "quotes": QUOTE, "numbers": NUMBER}
    for name, pattern in kinds.items():
        if Counter(pattern.findall(source)) != Counter(pattern.findall(text)):
            yield f"{name} differ: {source!r} and {text!r}"
    if source.strip() == source and text.strip() != text:
        yield f"blanks around {text!r}"
