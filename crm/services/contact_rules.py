"""Asking anew how somebody is reached: a number was heard wrongly, and what is safe changes."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime

from django.db import transaction

from crm.contact_rules import WAYS
from crm.enums import EventKind
from crm.models import Lead, LeadEvent, Person, User
from crm.phone_numbers import read_phone
from crm.refusals import ContactNotSafe
from crm.safe_times import slots_said
from crm.services.locking import locked
from crm.services.own_ways import WAYS as ADDRESS_OF
from crm.services.people import PersonDetails
from notifications.enums import Audience
from notifications.services.outbox import cancel_unsent_messages
from vault.tokens import email_search, name_search, name_tokens, phone_end_search, phone_search


@dataclass(frozen=True, slots=True)
class Details:
    """Who somebody is and where they are reached, as they say now."""

    name: str = ""
    phone: str = ""
    email: str = ""
    postal_address: str = ""


@dataclass(frozen=True, slots=True)
class SafeWays:
    """What a person says is safe now. `details` replace who they are and where they are reached."""

    may_call: bool
    may_voicemail: bool
    may_text: bool
    may_email: bool
    may_post: bool = False
    safe_times: str = ""
    ask_for: str = ""
    say_instead: str = ""
    contact_note: str = ""
    details: Details | None = None


@transaction.atomic
def change_contact_rules(*, lead: Lead, by: User, person: Person, ways: SafeWays, at: datetime) -> Person:
    """Write down which ways are safe for the caller or the patient of a lead, with a trace on its timeline.

    What details replace stays on the timeline, and no way is safe without an address for it. What was to be
    sent by a way that is safe no longer, or to another address, is cancelled, also if it had failed before.

    Raises ContactNotSafe for somebody who must not be contacted at all: a clinician clears that hold, or the
    caller takes back that they asked us to stop.
    """
    lead = locked(lead)
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.no_contact:
        raise ContactNotSafe("This person must not be contacted. A clinician clears that hold first.")
    if person.stopped_at:
        raise ContactNotSafe(
            "This person asked us to stop. Write down first that they may be contacted again."
        )
    before = _change(person, ways.details) if ways.details else {}
    for field in fields(ways):
        if field.name != "details":
            setattr(person, field.name, getattr(ways, field.name))
    for way, address in ADDRESS_OF.items():
        setattr(person, way, getattr(person, way) and bool(getattr(person, address)))
    person.safe_slots = slots_said(person.safe_times, person.contact_note)
    person.save()
    if not person.may_email or "email" in before:
        cancel_unsent_messages(about=lead.pk, audience=Audience.CALLER)
    _note(lead, person, by, at, before)
    return person


def _change(person: Person, details: Details) -> dict[str, str]:
    """Set what is new, and what finds the person by it; return what was there before."""
    said = {name: value.strip() for name, value in asdict(details).items()}
    before = {name: getattr(person, name) for name in said if getattr(person, name) != said[name]}
    old = _found_by(person)
    for name in before:
        setattr(person, name, said[name])
    if "phone" in before:
        person.phone_e164, person.phone_looks_unusual = read_phone(person.phone)
    now = PersonDetails(person.name, person.phone, person.phone_e164, email=person.email)
    person.search_tokens = sorted({*person.search_tokens} - old | {*now.search_tokens})
    return before


def _found_by(person: Person) -> set[int]:
    """Return what a person is found by now, under every key: a wrong number must find them no longer."""
    phone = person.phone_e164 or person.phone
    names = {token for tokens in name_search(person.name) for token in tokens} | {*name_tokens(person.name)}
    return {*phone_search(phone), *phone_end_search(phone), *email_search(person.email), *names}


def _note(lead: Lead, person: Person, by: User, at: datetime, before: dict[str, str]) -> None:
    who = "caller" if person.pk == lead.caller_id else "patient"
    safe = [way.value for way in WAYS if person.allows(way)]
    data = {"rules_of": who, "safe": safe} | ({"changed": sorted(before)} if before else {})
    replaced = ", ".join(value for value in before.values() if value)
    words = [person.contact_note, f"Before: {replaced}" if replaced else ""]
    LeadEvent.objects.create(
        lead=lead,
        kind=EventKind.NOTE_ADDED,
        by=by,
        occurred_at=at,
        data=data,
        note="\n".join(word for word in words if word),
    )
