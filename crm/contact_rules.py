"""How somebody may be reached: which ways they called safe, and which they did not."""

from dataclasses import dataclass

from crm.enums import ContactMethod
from crm.models import Lead, Person

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
