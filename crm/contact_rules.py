"""How somebody may be reached: which ways they called safe, and which they did not."""

from dataclasses import dataclass
from datetime import datetime

from crm.enums import ContactMethod
from crm.models import Lead, Person
from crm.safe_times import next_safe, slot_at

WAYS = (
    ContactMethod.CALL,
    ContactMethod.VOICEMAIL,
    ContactMethod.TEXT,
    ContactMethod.EMAIL,
    ContactMethod.POST,
)
NAMES = {
    ContactMethod.CALL: ("Calls", "calls"),
    ContactMethod.VOICEMAIL: ("Voicemail", "voicemail"),
    ContactMethod.TEXT: ("Texts", "text messages"),
    ContactMethod.EMAIL: ("E-mail", "e-mail"),
    ContactMethod.POST: ("Letters", "letters"),
}


@dataclass(frozen=True, slots=True)
class ContactRules:
    """One person, and the ways to reach them. `dial` is the number for a tel: link, empty without one."""

    person: Person
    role: str
    safe: list[str]
    unsafe: list[str]
    dial: str

    @property
    def in_words(self) -> list[tuple[str, str]]:
        """Return what the person asks us to mind, each under its heading."""
        said = self.person
        headed = {
            "Only at these times": said.safe_times,
            "Ask for": said.ask_for,
            "If somebody else answers, say": said.say_instead,
            "Also": said.contact_note,
            "Letters to": said.postal_address if said.may_post else "",
        }
        return [(heading, words) for heading, words in headed.items() if words]

    @property
    def may_ring(self) -> bool:
        return bool(self.dial) and self.person.allows(ContactMethod.CALL)


def rules_of(lead: Lead) -> list[ContactRules]:
    """Return the rules for the caller and, when that is somebody else, for the prospective patient."""
    if lead.caller_id == lead.patient_id:
        return [_rules(lead.caller, "Caller, for themselves")]
    return [_rules(lead.caller, "Caller"), _rules(lead.patient, "Prospective patient")]


def _rules(person: Person, role: str) -> ContactRules:
    safe = [NAMES[way][0] for way in WAYS if person.allows(way)]
    unsafe = [f"No {NAMES[way][1]}" for way in WAYS if not person.allows(way)]
    digits = "".join(character for character in person.phone if character in "+0123456789")
    return ContactRules(person, role, safe, unsafe, dial=person.phone_e164 or digits)


def is_safe_time(person: Person, at: datetime, time_zone: str) -> bool:
    """Return whether a moment is within the times that they called safe.

    Times in words that only a person understands refuse nothing: they stand beside the number to be read.
    """
    return not person.safe_slots or slot_at(at, time_zone) in person.safe_slots


def next_safe_time(person: Person, at: datetime, time_zone: str) -> datetime:
    """Return the first moment from then on that is within the times that they called safe."""
    if is_safe_time(person, at, time_zone):
        return at
    return next_safe(person.safe_slots or [], at, time_zone) or at
