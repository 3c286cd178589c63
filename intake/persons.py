"""From what an enquiry says to the persons whom the desk will know: the caller and the patient."""

from crm.enums import CallerRole
from crm.phone_numbers import read_phone
from crm.services.people import PersonDetails
from intake.contact import Contact
from intake.enums import PersonAware
from intake.triage.answers import Answers


def caller_details(contact: Contact, *, only_stated: bool = False) -> PersonDetails:
    """Return the caller, with the ways of contact that are safe and that an address exists for.

    `only_stated` is for somebody who may be watched (H-SAFE): nothing counts as safe unless they said so.
    """
    e164, looks_unusual = read_phone(contact.phone)
    ways = contact.stated_ways if only_stated else contact.safe_ways
    return PersonDetails(
        name=contact.name,
        phone=contact.phone,
        phone_e164=e164,
        phone_looks_unusual=looks_unusual,
        email=contact.email,
        may_call="call" in ways and contact.has_phone,
        may_voicemail="voicemail" in ways and contact.has_phone,
        may_text="text" in ways and contact.has_phone,
        may_email="email" in ways and contact.has_email,
        may_post="post" in ways and bool(contact.address),
        postal_address=contact.address,
        safe_times=contact.safe_contact.times,
        ask_for=contact.safe_contact.ask_for,
        say_instead=contact.safe_contact.say,
        contact_note=contact.safe_contact.note,
    )


def patient_details(answers: Answers, contact: Contact) -> PersonDetails | None:
    """Return the person discussed, or None when that is the caller. Without their agreement: no contact."""
    if answers.enquirer in {CallerRole.SELF, CallerRole.PHONE}:
        return None
    return PersonDetails(name=contact.patient_name, no_contact=answers.person_aware != PersonAware.YES)
