"""Persons: how they are made, found again and brought up to date by a later enquiry."""

from dataclasses import asdict, dataclass
from datetime import datetime

from crm.models import Person
from crm.safe_times import slots_said
from vault.tokens import (
    email_search,
    email_tokens,
    name_tokens,
    phone_end_tokens,
    phone_search,
    phone_tokens,
)

PHONE_WAYS = ("may_call", "may_voicemail", "may_text")
TO_MIND = ("safe_times", "ask_for", "say_instead")


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """What one enquiry says of one person. `phone` is as typed, `phone_e164` empty if it cannot be read."""

    name: str = ""
    phone: str = ""
    phone_e164: str = ""
    phone_looks_unusual: bool = False
    email: str = ""
    may_call: bool = False
    may_voicemail: bool = False
    may_text: bool = False
    may_email: bool = False
    may_post: bool = False
    postal_address: str = ""
    safe_times: str = ""
    ask_for: str = ""
    say_instead: str = ""
    contact_note: str = ""
    no_contact: bool = False

    @property
    def contact_tokens(self) -> list[int]:
        """Return the search tokens of the phone number and the e-mail address."""
        return phone_tokens(self.phone_e164 or self.phone) + email_tokens(self.email)

    @property
    def lookup_tokens(self) -> list[int]:
        """Return the same under every key that we have, to find somebody from before a rotation."""
        return phone_search(self.phone_e164 or self.phone) + email_search(self.email)

    @property
    def search_tokens(self) -> list[int]:
        ends = phone_end_tokens(self.phone_e164 or self.phone)
        return self.contact_tokens + ends + name_tokens(self.name)


def create_person(*, details: PersonDetails, at: datetime) -> Person:
    """Store a person with the search tokens of name, phone and e-mail."""
    return Person.objects.create(
        **asdict(details),
        safe_slots=slots_said(details.safe_times, details.contact_note),
        search_tokens=details.search_tokens,
        created_at=at,
    )


def update_from_repeat_enquiry(*, person: Person, details: PersonDetails) -> None:
    """Bring a person up to date from a later enquiry that nobody has verified.

    Blanks are filled; what is known is kept (the enquiry keeps the new words). A way of contact stays safe
    only if both enquiries say so: somebody else may be writing from the same number. "Do not contact" stays
    until a person at the desk takes it back.
    """
    note = _note_with_news(person, details)
    _update_phone(person, details)
    _update_email(person, details)
    _update_post(person, details)
    for name in TO_MIND:
        setattr(person, name, getattr(person, name) or getattr(details, name))
    person.contact_note = note
    person.safe_slots = slots_said(person.safe_times, note)
    person.name = person.name or details.name
    person.no_contact = person.no_contact or details.no_contact
    person.search_tokens = sorted({*person.search_tokens, *details.search_tokens})
    person.save()


def _note_with_news(person: Person, details: PersonDetails) -> str:
    """Return the contact note with what is new: another number or time may be the one that works."""
    also = [details.phone] if _is_another_number(person, details) else []
    if person.email and details.email.casefold() not in {person.email.casefold(), ""}:
        also.append(details.email)
    also += [getattr(details, name) for name in TO_MIND if _is_other_words(person, details, name)]
    news = f"Also gave, unverified: {', '.join(also)}" if also else ""
    return "\n".join(line for line in (person.contact_note or details.contact_note, news) if line)


def _is_other_words(person: Person, details: PersonDetails, name: str) -> bool:
    known, said = getattr(person, name), getattr(details, name)
    return bool(known and said) and known != said


def _is_another_number(person: Person, details: PersonDetails) -> bool:
    if not (person.phone and details.phone):
        return False
    known = {*phone_search(person.phone), *phone_search(person.phone_e164)}
    return known.isdisjoint(phone_search(details.phone_e164 or details.phone))


def _update_phone(person: Person, details: PersonDetails) -> None:
    if not details.phone:
        return
    known = bool(person.phone)
    for way in PHONE_WAYS:
        setattr(person, way, getattr(details, way) and (getattr(person, way) or not known))
    if not known:
        person.phone, person.phone_e164 = details.phone, details.phone_e164
        person.phone_looks_unusual = details.phone_looks_unusual


def _update_email(person: Person, details: PersonDetails) -> None:
    if not details.email:
        return
    person.may_email = details.may_email and (person.may_email or not person.email)
    person.email = person.email or details.email


def _update_post(person: Person, details: PersonDetails) -> None:
    if not details.postal_address:
        return
    person.may_post = details.may_post and (person.may_post or not person.postal_address)
    person.postal_address = person.postal_address or details.postal_address
