"""How to reach whoever is asking: one schema for forms and API, forgiving in form, strict on "reachable"."""

from collections.abc import Mapping
from typing import Annotated, Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.validators import validate_email
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

WAYS = ("call", "voicemail", "text", "email")
OTHER_NAMES = {"phone": "call", "telephone": "call", "sms": "text", "e-mail": "email", "mail": "email"}
NOT_REACHABLE = "Give a phone number or an e-mail address, so that a person can reach you."


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


def _line(length: int) -> Any:
    return Annotated[str, Field(strict=True, max_length=length), BeforeValidator(_clean)]


Short, Long = _line(200), _line(2000)


class SafeContact(BaseModel):
    """Which ways of contact are safe. Unasked: calls and e-mail yes, voicemail and texts no (SAFETY, 9).

    Also reads a list of the safe ways, or a sentence, which is kept as the note.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    call: bool = True
    voicemail: bool = False
    text: bool = False
    email: bool = True
    note: Long = ""

    @model_validator(mode="before")
    @classmethod
    def _other_forms(cls, raw: object) -> object:
        if isinstance(raw, str):
            return _only([raw]) if _way(raw) in WAYS else {"note": raw}
        if isinstance(raw, (list, tuple)):
            return _only(raw)
        if isinstance(raw, Mapping):
            return {_way(key): value for key, value in raw.items() if value is not None}
        return {} if raw is None else raw


def _way(name: object) -> str:
    text = str(name).strip().casefold()
    return OTHER_NAMES.get(text, text)


def _only(names: list[Any] | tuple[Any, ...]) -> dict[str, bool]:
    unknown = {_way(name) for name in names} - set(WAYS)
    if unknown:
        raise ValueError(f"The safe ways of contact are {', '.join(WAYS)}")
    return {way: way in {_way(name) for name in names} for way in WAYS}


class Contact(BaseModel):
    """Who is asking and how to reach them; `patient_name` when it is about somebody else."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: Short = ""
    phone: Short = ""
    email: Short = ""
    safe_contact: SafeContact = SafeContact()
    patient_name: Short = ""
    organisation: Short = ""
    job_title: Short = ""
    interpreter: Short = ""

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, raw: object) -> object:
        return {key: value for key, value in raw.items() if value is not None} if isinstance(raw, Mapping) else raw

    @property
    def stated_ways(self) -> frozenset[str]:
        """Return the ways of contact that the caller was asked about and called safe."""
        if "safe_contact" not in self.model_fields_set:
            return frozenset()
        return frozenset(way for way in self.safe_contact.model_fields_set if getattr(self.safe_contact, way) is True)

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
        found.setdefault(field, []).append(f"{problem['msg']}.")
    return found
