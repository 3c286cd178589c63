"""How public texts name help lines: a text says {emergency}, and the phrase of the place stands there.

So no text holds a number of its own, and the same text is right in England, in Wales and in Ireland.
"""

import re
from collections.abc import Iterable, Mapping

from intake.enums import Slot
from intake.lines import Line

Words = Mapping[str, str]

# What stands in where no line can be shown, so that what to do is never left out.
WITHOUT_A_LINE: Words = {Slot.URGENT: "a doctor", Slot.MENTAL_HEALTH: "a doctor", Slot.CRISIS: "a doctor"}
TO_TALK = (Slot.MENTAL_HEALTH, Slot.LISTENING)
HOSPITALS = {"IE": "the emergency department", "US": "the emergency room"}

_SLOT = re.compile(r"\{(\w+)\}")
_SENTENCE = re.compile(r"(?<=[.;?!])\s+")


def words_for(lines: Iterable[Line], locale: str) -> dict[str, str]:
    """Return the phrase for each slot that these lines fill. The first line to fill one is the one named."""
    found: dict[str, str] = {**WITHOUT_A_LINE, Slot.HOSPITAL: HOSPITALS.get(locale, "A&E")}
    shown = list(lines)
    for line in reversed(shown):
        found.update(line.phrases)
    to_talk = [line.phrases[slot] for line in shown for slot in TO_TALK if slot in line.phrases]
    return found | ({Slot.CRISIS: ", or ".join(to_talk)} if to_talk else {})


def fill(text: str, words: Words) -> str:
    """Return the text with its slots filled. A sentence whose slot nothing fills is left out."""
    parts = [part for part in _SENTENCE.split(text) if all(slot in words for slot in slots_in(part))]
    said = _SLOT.sub(lambda slot: words[slot[1]], " ".join(parts))
    return re.sub(r";(?=\s+[A-Z]|$)", ".", said)


def slots_in(text: str) -> list[str]:
    """Return the names of the slots in a text, as often as they stand there."""
    return _SLOT.findall(text)
