"""One row of an imported list: what its cells say, read strictly where a slip could harm somebody. Pure."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from crm.csv_files import is_shortened
from crm.enums import CallerRole
from intake.contact import WAYS, Contact, ContactError, parse_contact
from intake.enums import SubstanceName, Timing
from intake.triage.answers import Answers, parse_answers
from vault.tokens import tokens_for_search

MEANINGS = {
    "phone": "Phone number",
    "email": "E-mail address",
    "name": "Name",
    "key": "Their number in the other system",
    "free_text": "What they said",
    "enquirer": "Who is asking",
    "patient_name": "Name of the person it is about",
    "substances": "What is used",
    "timing": "When help should start",
    "ways": "Ways of contact that are safe",
}
HEADINGS = {
    "phone": ("phone", "phone number", "telephone", "mobile", "mobile number", "tel", "number"),
    "email": ("email", "e mail", "email address", "e mail address", "mail"),
    "name": ("name", "full name", "caller", "caller name", "contact name", "contact"),
    "key": ("id", "reference", "ref", "lead id", "record id", "case number"),
    "free_text": ("message", "notes", "note", "what they said", "comments", "details", "description"),
    "enquirer": ("who is asking", "enquirer", "relationship", "caller type", "role"),
    "patient_name": ("patient", "patient name", "client name", "client"),
    "substances": ("substance", "substances", "drug", "drugs", "main substance", "what is used"),
    "timing": ("timing", "when", "start", "timescale"),
    "ways": ("safe ways", "contact preference", "preferred contact", "safe contact", "contact by"),
}
WHO = {
    CallerRole.SELF: ("self", "me", "themselves", "themself", "patient", "client", "for themselves"),
    CallerRole.LOVED_ONE: (
        *("loved one", "for someone they care about", "family", "family member", "friend", "relative"),
        *("mother", "father", "parent", "partner", "wife", "husband", "sibling", "sister", "brother"),
        *("son", "daughter", "carer"),
    ),
    CallerRole.PROFESSIONAL: ("professional", "gp", "referrer", "a professional", "social worker", "nurse"),
}
WAY_WORDS = {
    "call": ("call", "calls", "phone", "telephone"),
    "voicemail": ("voicemail",),
    "text": ("text", "texts", "sms"),
    "email": ("email", "e mail", "mail"),
    "post": ("post", "letter", "letters"),
}
NO_WAY = frozenset({"none", "no", "no contact", "do not contact"})
WHO_ERROR = "Who is asking: write self, loved one or professional."
SHORTENED_ERROR = "The spreadsheet has shortened the phone number: make text of that column first."
WAYS_ERROR = "Ways of contact: write call, voicemail, text, email or post, with commas between them, or none."


class RowError(ValueError):
    """A row that cannot be an enquiry. `problems` says why, and never repeats what the row says."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """A row that can be an enquiry."""

    answers: Answers
    contact: Contact


def read_row(cells: Mapping[str, str]) -> ImportedRow:
    """Return what a row says. Raises RowError.

    What is used and when it should start are kept in their words where we know none of our own for them.
    """
    problems: list[str] = []
    who = _who(cells.get("enquirer", ""), problems)
    ways = _ways(cells, problems)
    if is_shortened(cells.get("phone", "")):
        problems.append(SHORTENED_ERROR)
    contact = None
    try:
        contact = parse_contact(_contact(cells, ways))
    except ContactError as error:
        problems += [message for said in error.errors.values() for message in said]
    if problems or contact is None:
        raise RowError(problems)
    return ImportedRow(parse_answers(_answers(cells, who)), contact)


def row_keys(site: str, cells: Mapping[str, str]) -> list[str]:
    """Return the idempotency keys by which a row is known again, the present encryption key's first.

    It is the other system's number where there is one, else all that the row says.
    """
    said = {name: cell for name, cell in sorted(cells.items()) if cell}
    known_by = cells.get("key") or json.dumps(said)
    tokens = tokens_for_search("import", f"{bool(cells.get('key'))}:{known_by}")
    return [f"import:{site}:{token & 0xFFFFFFFFFFFFFFFF:016x}" for token in tokens]


def _who(said: str, problems: list[str]) -> CallerRole:
    word = _plain(said)
    if not word:
        return CallerRole.SELF
    found = [role for role, words in WHO.items() if word in words or word == _plain(role.value)]
    if not found:
        problems.append(WHO_ERROR)
    return found[0] if found else CallerRole.SELF


def _ways(cells: Mapping[str, str], problems: list[str]) -> dict[str, bool]:
    """Return the safe ways: those that the row names, else a call, or e-mail where there is no number."""
    said = [_plain(word) for word in re.split(r"[,;/+]", cells.get("ways", "")) if _plain(word)]
    named = {way for way, words in WAY_WORDS.items() if set(words) & set(said)}
    known = {word for words in WAY_WORDS.values() for word in words} | NO_WAY
    if not set(said) <= known or (named and set(said) & NO_WAY):
        problems.append(WAYS_ERROR)
    if not said:
        named = {"call"} if cells.get("phone") else {"email"}
    return {way: way in named for way in WAYS}


def _contact(cells: Mapping[str, str], ways: Mapping[str, bool]) -> dict[str, object]:
    names = ("name", "phone", "email", "patient_name")
    return {name: cells.get(name, "") for name in names} | {"safe_contact": dict(ways)}


def _answers(cells: Mapping[str, str], who: CallerRole) -> dict[str, object]:
    words = [word.strip() for word in re.split(r"[,;/+]", cells.get("substances", "")) if word.strip()]
    found = {word: _coded(SubstanceName, word) for word in words}
    when = cells.get("timing", "")
    timing = _coded(Timing, when)
    unknown = [word for word, name in found.items() if name is None]
    lines = [cells.get("free_text", "")]
    lines += [f"What is used: {', '.join(unknown)}"] if unknown else []
    lines += [f"When: {when}"] if when and not timing else []
    return {
        "enquirer": who,
        "substances": [{"name": name} for name in dict.fromkeys(found.values()) if name],
        "free_text": "\n".join(line for line in lines if line),
        **({"timing": timing} if timing else {}),
    }


def _coded(kind: type[SubstanceName] | type[Timing], word: str) -> str | None:
    names = {_plain(str(name)): each.value for each in kind for name in (each.value, each.label)}
    return names.get(_plain(word))


def _plain(word: str) -> str:
    letters = "".join(sign if sign.isalnum() else " " for sign in word.casefold())
    return " ".join(letters.split())
