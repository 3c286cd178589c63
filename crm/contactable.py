"""Whether a caller may be called at this moment, in words for a row."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from crm.contact_rules import NAMES, WAYS
from crm.enums import ContactMethod
from crm.models import Person
from crm.safe_times import next_safe, slot_at


@dataclass(frozen=True, slots=True)
class Contactable:
    """`tone`: "" for yes, "ask" when a person has to read what was said, "no" for not now."""

    words: str
    tone: str = ""


def contactable(person: Person, at: datetime, time_zone: str) -> Contactable:
    """Return whether somebody may be contacted now, and how, or from when on."""
    if not person.may_be_contacted:
        return Contactable("Must not be contacted", "no")
    ways = [way for way in WAYS if person.allows(way)]
    if not ways:
        return Contactable("No safe way to reach them", "no")
    if person.safe_slots == []:
        return Contactable("First read what they said about contact", "ask")
    if person.safe_slots and slot_at(at, time_zone) not in person.safe_slots:
        return Contactable(_not_now(person.safe_slots, at, time_zone), "no")
    if ContactMethod.CALL not in ways:
        return Contactable(f"Only by {NAMES[ways[0]][1]}", "ask")
    return Contactable("May be called now")


def _not_now(slots: list[int], at: datetime, time_zone: str) -> str:
    safe = next_safe(slots, at, time_zone)
    if safe is None:
        return "Not safe now"
    there, here = safe.astimezone(ZoneInfo(time_zone)), at.astimezone(ZoneInfo(time_zone))
    day = "" if there.date() == here.date() else f" on {there:%A}"
    return f"Not now: safe from {there:%H:%M}{day}"
