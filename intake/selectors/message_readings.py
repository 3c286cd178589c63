"""How a message to callers reads: in each case, and what its writer can have filled in."""

from dataclasses import dataclass

from notifications.channels.base import Outgoing
from notifications.enums import MessageKind
from notifications.samples import cases_of
from notifications.services.caller_words import sample_of
from notifications.worded import Worded
from notifications.wording import Words, conditions_of, slots_of

SLOTS = {
    "sender": "the name that messages come from",
    "reference": "their reference",
    "phone": "the number to call you on",
    "link": "the link to their page, or to the answers that they saved",
    "until": "until when that link works",
    "lines": "the numbers to call, one a line",
    "call_by": "by when they were promised to hear from you",
    "call_at": "when you call them",
    "nobody_until": "when somebody is at the desk again; known only if nobody is there at the promised time",
    "closes_at": "when the last person leaves; known only if that is before the promised time",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """The words in one case, with made-up values. `is_shown` is the one that the page is about."""

    case: str
    label: str
    message: Outgoing
    is_shown: bool


def readings_of(worded: Worded, words: Words, shown: str) -> list[Reading]:
    """Return the cases in which the words differ, and always the one that is shown."""
    found: list[Reading] = []
    for case, label in cases_of(worded.kind).items():
        reading = Reading(case, label, sample_of(worded, words, case), is_shown=case == shown)
        same = [each for each in found if each.message.text == reading.message.text]
        if reading.is_shown:
            found = [each for each in found if each not in same]
        if reading.is_shown or not same:
            found.append(reading)
    return found


def fills_of(kind: MessageKind) -> dict[str, list[tuple[str, str]]]:
    """Return what can be filled in, and what a line can depend on, each with what it means."""
    slots = [(f"{{{slot}}}", SLOTS.get(slot, slot.replace("_", " "))) for slot in sorted(slots_of(kind))]
    conditions = [(f"[{name}]", meaning) for name, meaning in conditions_of(kind).items()]
    return {"slots": slots, "conditions": conditions}
