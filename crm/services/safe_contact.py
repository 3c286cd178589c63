"""Contact outside what a person called safe is refused, whoever asks for it and by whatever screen."""

from dataclasses import dataclass
from datetime import datetime

from crm.consent import KEEPS_TO_SAFE_ROUTE, has_not_agreed
from crm.contact_rules import is_safe_time
from crm.enums import ContactMethod, Role
from crm.models import Lead, Person, User
from crm.refusals import ContactNotSafe, OnlyClinicianSetsAside, ReasonTooShort
from crm.selectors.leads import has_role_at

LEAST_OVERRIDE = 10  # characters
INSTEAD = "Choose another way or time, or give a reason to set that aside."
MAY_SET_HOLDS_ASIDE = (Role.CLINICIAN, Role.CLINICAL_LEAD)


@dataclass(frozen=True, slots=True)
class Reach:
    """Reaching one person of a lead in one way, at a time."""

    person: Person
    method: ContactMethod
    at: datetime


def person_of(lead: Lead, person: Person) -> Person:
    """Return the caller or the patient with the rules as they are now: what is safe changes.

    Raises ContactNotSafe for somebody who is not of this lead.
    """
    if person.pk not in {lead.caller_id, lead.patient_id}:
        raise ContactNotSafe("This person is not of this lead.")
    return Person.objects.get(pk=person.pk)


def check_is_safe(lead: Lead, reach: Reach, *, by: User, reason: str) -> bool:
    """Return whether the rules had to be set aside for this contact.

    Raises ContactNotSafe without a reason, ReasonTooShort for one under 10 characters, and
    OnlyClinicianSetsAside where a hold (H-CONSENT, H-SAFE) forbids it and somebody else would set it aside.
    """
    why_not = why_not_safe(lead, reach)
    if not why_not:
        return False
    hold = _hold_on(lead, reach.person)
    if hold and not has_role_at(by, lead, MAY_SET_HOLDS_ASIDE):
        raise OnlyClinicianSetsAside(hold) if reason.strip() else ContactNotSafe(f"{why_not} {INSTEAD}")
    if not reason.strip():
        raise ContactNotSafe(f"{why_not} {INSTEAD}")
    if len(reason.strip()) < LEAST_OVERRIDE:
        raise ReasonTooShort(LEAST_OVERRIDE)
    return True


def why_not_safe(lead: Lead, reach: Reach) -> str:
    """Return in words why this contact is not safe; empty when it is."""
    person = reach.person
    if has_not_agreed(lead, person):
        return "This person must not be contacted: they have not agreed."
    if person.stopped_at:
        return "This person asked us to stop contacting them."
    if not person.allows(reach.method):
        way = ContactMethod(reach.method).label.lower()
        way = f"an {way}" if way[0] in "aeiou" else f"a {way}"
        return f"This person did not say that {way} is safe."
    if not is_safe_time(person, reach.at, lead.site.time_zone):
        return f"It is not safe at this time. They said: “{person.safe_times}”."
    return ""


def _hold_on(lead: Lead, person: Person) -> str:
    if has_not_agreed(lead, person):
        return "H-CONSENT"
    return KEEPS_TO_SAFE_ROUTE if KEEPS_TO_SAFE_ROUTE in lead.holds else ""
