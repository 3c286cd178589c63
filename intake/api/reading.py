"""Reading an enquiry's body: three parsers, and all that they object to at once."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import uuid4

from crm.api.problems import invalid
from intake.consent import Consent, ConsentError, parse_consent
from intake.contact import Contact, ContactError, parse_contact
from intake.services.advice import emergency_advice
from intake.services.answering import as_told
from intake.triage.answers import Answers, AnswersError, parse_answers

T = TypeVar("T")

LONGEST_KEY = 100  # characters that the column holds


@dataclass(frozen=True, slots=True)
class Said:
    """An enquiry's body, read."""

    answers: Answers
    contact: Contact
    consent: Consent


def read_enquiry(body: Mapping[str, Any]) -> Said:
    """Return what was said. Raises ApiProblem with an error for each field that makes no sense.

    An emergency is answered all the same.
    """
    errors: dict[str, list[str]] = {}
    answers = _parsed(parse_answers, body, "", errors)
    contact = _parsed(parse_contact, body.get("contact"), "contact", errors)
    consent = _parsed(parse_consent, body.get("consent"), "consent", errors)
    if answers and contact and consent:
        return Said(answers, contact, consent)
    raise invalid(errors, messages=as_told(emergency_advice(answers)) if answers else [])


def storable_key(sent: str) -> str:
    """Return an idempotency key that fits its column: a digest of a long or odd one, a new one for none.

    A key is never a reason to turn an enquiry away.
    """
    key = sent.strip()
    if not key:
        return f"minted:{uuid4()}"
    if len(key) <= LONGEST_KEY and key.isascii() and key.isprintable():
        return key
    return f"sha256:{hashlib.sha256(key.encode(errors='replace')).hexdigest()}"


def _parsed(parse: Callable[[Any], T], raw: Any, name: str, errors: dict[str, list[str]]) -> T | None:
    try:
        return parse(raw)
    except (AnswersError, ContactError, ConsentError) as error:
        errors |= {_field(name, field): said for field, said in error.errors.items()}
        return None


def _field(part: str, field: str) -> str:
    """Return the field's name in the body: `contact.phone`; the part itself where all of it is at fault."""
    return field if field == part else ".".join(name for name in (part, field) if name)
