"""How words to callers are written, and how they are put together. Pure: no database, no markup.

A text is paragraphs with an empty line between them. A {slot} is filled in; a line in which a slot has
nothing to be filled with is left out, and so is one that begins with a [condition] that is not so.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from notifications.catalogue import CATALOGUE
from notifications.enums import ChannelName, MessageKind, WhyMoved

SLOT = re.compile(r"\{(\w+)\}")
CONDITION = re.compile(r"\s*\[(\w+)\]\s*")
PROMISE = {
    "sure": "we will be in touch by the time that is said",
    "aim": "we may be later, because nobody is at the desk",
    "others_wait": "others have waited longer than they were told",
}
ONLY_SAYS_WHETHER = frozenset({"others_wait"})  # it is so, or not: nothing to print


@dataclass(frozen=True, slots=True)
class Words:
    """One wording. Texts have no subject."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A wording with everything filled in, by paragraphs."""

    subject: str
    paragraphs: tuple[str, ...]


def slots_of(kind: MessageKind) -> frozenset[str]:
    """Return what can be filled in."""
    entry = CATALOGUE[kind]
    return (entry.needs | entry.may_have | {"sender"}) - ONLY_SAYS_WHETHER


def conditions_of(kind: MessageKind) -> dict[str, str]:
    """Return what a line can depend on, and what each of them means."""
    entry = CATALOGUE[kind]
    known = dict(PROMISE) if "call_by" in entry.needs | entry.may_have else {}
    if "why" in entry.chooses:
        known |= {why.value: why.label for why in WhyMoved}
    return known


def fill(words: Words, values: Mapping[str, str]) -> Filled:
    """Return the words with these values; nothing in a value is read as a slot or a condition."""
    so = _what_is_so(values)
    blocks = (block.split("\n") for block in re.split(r"\n\s*\n", words.text.strip()))
    filled = (" ".join(_lines(block, values, so)) for block in blocks)
    return Filled(_fill(words.subject, values), tuple(each for each in filled if each))


def as_text(filled: Filled, channel: ChannelName) -> str:
    """Return it as plain text: what goes by text message is one paragraph."""
    between = " " if channel == ChannelName.SMS else "\n\n"
    return between.join(filled.paragraphs)


def conditions_in(line: str) -> tuple[list[str], str]:
    """Return the conditions that a line begins with, and what is left of it."""
    found = []
    while match := CONDITION.match(line):
        found.append(match[1])
        line = line[match.end() :]
    return found, line.strip()


def _lines(block: list[str], values: Mapping[str, str], so: set[str]) -> list[str]:
    read = [conditions_in(line) for line in block]
    said = [line for conditions, line in read if line and so.issuperset(conditions)]
    return [_fill(line, values) for line in said if all(values.get(slot) for slot in SLOT.findall(line))]


def _fill(line: str, values: Mapping[str, str]) -> str:
    return SLOT.sub(lambda slot: values.get(slot[1], ""), line).strip()


def _what_is_so(values: Mapping[str, str]) -> set[str]:
    is_aim = bool(values.get("nobody_until") or values.get("closes_at"))
    so = {"aim" if is_aim else "sure", values.get("why", WhyMoved.OTHER)}
    return so | {name for name in ONLY_SAYS_WHETHER if values.get(name)}
