"""How to reach whoever is asking: one schema for forms and API, forgiving in form, strict on "reachable"."""

from collections.abc import Mapping
from typing import Annotated, Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_noop
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

WAYS = ("call", "voicemail", "text", "email", "post")
OTHER_NAMES = {
    "phone": "call",
    "telephone": "call",
    "sms": "text",
    "e-mail": "email",
    "mail": "email",
    "letter": "post",
}
TO_MIND = ("times", "ask_for", "say", "note")
LONGEST_NOTE = 2000
NOT_REACHABLE = gettext_noop("Give a phone number or an e-mail address, so that a person can reach you.")


class ContactError(ValueError):
    """The contact makes no sense, or nobody could be reached. `errors` maps a field to plain messages."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__("; ".join(errors))
        self.errors = errors


def _clean(value: object) -> object:
    """Take out what PostgreSQL and UTF-8 cannot hold, and the blanks around."""
    if not isinstance(value, str):
        return "" if value is None else value
    return value.encode("utf-8", "replace").decode().replace("\x00", "").strip()


Short = Annotated[str, Field(strict=True, max_length=200), BeforeValidator(_clean)]
Long = Annotated[str, Field(strict=True, max_length=LONGEST_NOTE), BeforeValidator(_clean)]
Yes = Annotated[bool, Field(strict=True)]


def _nullable(schema: dict[str, Any]) -> None:
    """Say in the JSON schema that null is the same as absent."""
    properties = schema["properties"]
    schema["properties"] = {name: {"anyOf": [field, {"type": "null"}]} for name, field in properties.items()}


def _reachable(schema: dict[str, Any]) -> None:
    """Say in the JSON schema what makes somebody reachable, and which other forms SafeContact reads."""
    _nullable(schema)
    three_digits = {"type": "string", "pattern": "[0-9][^0-9]*[0-9][^0-9]*[0-9]"}
    schema["anyOf"] = [
        {"required": ["phone"], "properties": {"phone": three_digits}},
        {"required": ["email"], "properties": {"email": {"type": "string", "format": "email"}}},
    ]
    schema["properties"]["safe_contact"]["anyOf"] += [
        {"type": "array", "items": {"enum": list(WAYS)}, "description": "Only these are safe."},
        {"type": "string", "maxLength": LONGEST_NOTE, "description": "One of the ways, or a note."},
        {"type": "boolean", "description": "False: no way of contact is safe."},
    ]


class SafeContact(BaseModel):
    """Which ways of contact are safe, and what to mind. Unasked: calls and e-mail yes, everything else no.

    Also reads a list of the safe ways, yes or no to all of them, or a sentence, which is kept as the note.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", json_schema_extra=_nullable)

    call: Yes = True
    voicemail: Yes = False
    text: Yes = False
    email: Yes = True
    post: Yes = False
    times: Annotated[Long, Field(description="When it is safe.")] = ""
    ask_for: Annotated[Short, Field(description="Who to ask for.")] = ""
    say: Annotated[Short, Field(description="What to say if somebody else answers: a call from Sam.")] = ""
    note: Annotated[Long, Field(description="Anything else to mind.")] = ""

    @model_validator(mode="before")
    @classmethod
    def _other_forms(cls, raw: object) -> object:
        if isinstance(raw, bool):
            return {} if raw else dict.fromkeys(WAYS, False)
        if isinstance(raw, str):
            return _only([raw]) if _way(raw) in WAYS else _with_care({"note": raw})
        if isinstance(raw, (list, tuple)):
            return _only(raw) if raw else {}
        if isinstance(raw, Mapping):
            return _with_care({_way(key): value for key, value in raw.items() if value is not None})
        return {} if raw is None else raw


def _way(name: object) -> str:
    text = str(name).strip().casefold()
    return OTHER_NAMES.get(text, text)


def _with_care(said: dict[str, Any]) -> dict[str, Any]:
    """Nobody is written to by a machine who named no way of contact and told us in words what to mind."""
    minds = any(isinstance(said.get(key), str) and said[key].strip() for key in TO_MIND)
    return said | {"email": False} if minds and said.keys().isdisjoint(WAYS) else said


def _only(names: list[Any] | tuple[Any, ...]) -> dict[str, bool]:
    unknown = {_way(name) for name in names} - set(WAYS)
    if unknown:
        raise ValueError(f"The safe ways of contact are {', '.join(WAYS)}")
    return {way: way in {_way(name) for name in names} for way in WAYS}


class Contact(BaseModel):
    """Who is asking and how to reach them: a phone number or an e-mail address is needed.

    `patient_name` when it is about somebody else.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", json_schema_extra=_reachable)

    name: Short = ""
    phone: Short = ""
    email: Short = ""
    address: Annotated[Long, Field(description="For letters.")] = ""
    safe_contact: SafeContact = SafeContact()
    patient_name: Short = ""
    organisation: Short = ""
    job_title: Short = ""
    interpreter: Short = ""

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, raw: object) -> object:
        return (
            {key: value for key, value in raw.items() if value is not None}
            if isinstance(raw, Mapping)
            else raw
        )

    @property
    def stated_ways(self) -> frozenset[str]:
        """Return the ways of contact that the caller was asked about and called safe."""
        if "safe_contact" not in self.model_fields_set:
            return frozenset()
        return frozenset(
            way for way in self.safe_contact.model_fields_set if getattr(self.safe_contact, way) is True
        )

    @property
    def safe_ways(self) -> frozenset[str]:
        """Return the ways of contact that are safe, the defaults included."""
        return frozenset(way for way in WAYS if getattr(self.safe_contact, way))

    @property
    def has_phone(self) -> bool:
        """Return whether somebody could dial it: three digits are enough, drama numbers included."""
        return sum(character.isdigit() for character in self.phone) >= 3

    @property
    def has_email(self) -> bool:
        try:
            validate_email(self.email)
        except DjangoValidationError:
            return False
        return True

    def to_dict(self) -> dict[str, Any]:
        """Return what was said as plain JSON values; parse_contact reads them back, unasked stays unasked."""
        return self.model_dump(mode="json", exclude_unset=True)


def parse_contact(raw: object) -> Contact:
    """Return the contact. Raises ContactError with a plain message for each field at fault."""
    try:
        contact = Contact.model_validate({} if raw is None else raw)
    except ValidationError as error:
        raise ContactError(_messages_by_field(error)) from None
    if not (contact.has_phone or contact.has_email):
        raise ContactError({"phone": [NOT_REACHABLE]})
    return contact


def _messages_by_field(error: ValidationError) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        field = ".".join(str(part) for part in problem["loc"]) or "contact"
        found.setdefault(field, []).append(_in_words(problem["msg"]))
    return found


def _in_words(message: str) -> str:
    return message.removeprefix("Value error, ").rstrip(".") + "."
