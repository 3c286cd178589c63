"""Kinds of fields: codes in lower case going out, in any case coming in, and text that can be stored."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from django.db.models import TextChoices
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)

from crm.enums import ContactMethod, ContactOutcome, Disposition, Level, Queue, ReasonCode, Stage

LONGEST_TEXT = 4000


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def _lower(value: str) -> str:
    return value.lower()


def _storable(value: object) -> object:
    """Take out what neither PostgreSQL nor UTF-8 can hold: NUL bytes and lone surrogates."""
    return value.encode("utf-8", "replace").decode().replace("\x00", "") if isinstance(value, str) else value


def _one_of(choices: Iterable[TextChoices]) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": [choice.value.lower() for choice in choices]})


_ANY_CASE, _LOWER_CASE = BeforeValidator(_upper), PlainSerializer(_lower, return_type=str)

QueueName = Annotated[Queue, _ANY_CASE, _LOWER_CASE, _one_of(Queue)]
StageName = Annotated[Stage, _ANY_CASE, _LOWER_CASE, _one_of(Stage)]
Method = Annotated[ContactMethod, _ANY_CASE, _LOWER_CASE, _one_of(ContactMethod)]
Outcome = Annotated[ContactOutcome, _ANY_CASE, _LOWER_CASE, _one_of(ContactOutcome)]
DispositionName = Annotated[Disposition, _ANY_CASE, _LOWER_CASE, _one_of(Disposition)]
Reason = Annotated[ReasonCode, _ANY_CASE, _LOWER_CASE, _one_of(ReasonCode)]
LevelName = Annotated[Level, _ANY_CASE, WithJsonSchema({"type": "string", "enum": list(Level.values)})]
Text = Annotated[str, Field(strict=True, max_length=LONGEST_TEXT), BeforeValidator(_storable)]
ShortText = Annotated[str, Field(strict=True, max_length=200), BeforeValidator(_storable)]
Yes = Annotated[bool, Field(strict=True)]


def nullable(schema: dict[str, Any]) -> None:
    """Say in the JSON schema that null is the same as absent."""
    for name, field in schema["properties"].items():
        if name not in schema.get("required", ()):
            schema["properties"][name] = {"anyOf": [field, {"type": "null"}]}


class Body(BaseModel):
    """What is sent: null is the same as absent, an unknown key is ignored."""

    model_config = ConfigDict(extra="ignore", json_schema_extra=nullable)

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, raw: Any) -> Any:
        if not isinstance(raw, Mapping):
            return raw
        return {key: value for key, value in raw.items() if value is not None}
