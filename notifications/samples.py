"""Made-up values for previews and tests of messages to callers, with Ofcom's numbers for drama."""

from datetime import UTC, datetime

from notifications.catalogue import CATALOGUE
from notifications.enums import Language, MessageKind, WhyMoved
from notifications.times import moment_in_words
from notifications.wording import ONLY_SAYS_WHETHER, slots_of

MADE_UP = datetime(2026, 3, 3, 14, 25, tzinfo=UTC)
TIMES = {
    "call_by": MADE_UP,
    "call_at": MADE_UP,
    "nobody_until": MADE_UP.replace(hour=9),
    "closes_at": MADE_UP.replace(hour=11),
    "until": MADE_UP,
}
PLAIN = {
    "reference": "7KX3-9QF2",
    "phone": "01632 960000",
    "link": "https://example.org/received/made-up/",
    "lines": "A first line: 01632 960001 (at any hour)\nA second line: 01632 960002 (09:00 to 17:00)",
}


USUAL, LATER, CLOSING = "usual", "later", "closing"
NEVER_BOTH = {LATER: "closes_at", CLOSING: "nobody_until"}  # somebody is there, or nobody is: crm.calling


def cases_of(kind: MessageKind) -> dict[str, str]:
    """Return the cases in which a message reads differently, by name, each in words; the usual one first."""
    entry = CATALOGUE[kind]
    if "why" in entry.chooses:
        return {why.value: why.label for why in WhyMoved}
    if "call_by" in entry.needs | entry.may_have:
        return {
            USUAL: "When we will be in touch in time",
            LATER: "When nobody is there until later",
            CLOSING: "When the last person leaves before",
        }
    return {USUAL: "As it always reads"}


def values_in(case: str, kind: MessageKind, language: Language) -> dict[str, str]:
    """Return the values of one of `cases_of` a kind."""
    values = sample_values(kind, language, is_full=case in NEVER_BOTH)
    values.pop(NEVER_BOTH.get(case, ""), None)
    return values | ({"why": case} if case in WhyMoved.values else {})


def sample_values(kind: MessageKind, language: Language, *, is_full: bool = False) -> dict[str, str]:
    """Return values for everything that has to be said, or with `is_full` for all that may be."""
    times = {
        name: moment_in_words(at, time_zone="Europe/London", language=language) for name, at in TIMES.items()
    }
    known = times | PLAIN | {"why": WhyMoved.BUSY.value}
    if is_full:
        return known | dict.fromkeys(ONLY_SAYS_WHETHER, "yes")
    kept = slots_of(kind) - {"nobody_until", "closes_at"} | {"why"}
    return {name: value for name, value in known.items() if name in kept}
