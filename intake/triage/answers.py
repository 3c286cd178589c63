"""The answers of one enquiry: one typed schema for forms, API, rules and commands (triage/SPEC section 5).

Liberal about what is missing, strict about what makes no sense: an absent or null answer counts as unknown or
empty, an unknown key is ignored, and a value outside the lists or of the wrong type raises AnswersError.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema

from crm.enums import CallerRole
from intake.enums import (
    AgeBand,
    Behaviour,
    Frequency,
    History,
    Medical,
    PersonAware,
    Pregnancy,
    Programme,
    Route,
    Situation,
    Source,
    SubstanceName,
    Suicide,
    Symptom,
    Timing,
    ToleranceBreak,
    Unit,
    UseStatus,
)

MOST_SUBSTANCES = 100
MOST_ERRORS = 20
_PLAIN_WORDS = {
    "tuple_type": "Input should be a list.",
    "model_type": "Input should be an object.",
    "missing": "This is needed.",
}


class AnswersError(ValueError):
    """The answers make no sense.

    `errors` maps a field, such as "substances.0.name", to plain messages that never repeat what was sent.
    """

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__("; ".join(f"{field}: {' '.join(said)}" for field, said in errors.items()))
        self.errors = errors


T = TypeVar("T")


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _storable(value: object) -> object:
    """Take out what neither PostgreSQL nor UTF-8 can hold: NUL bytes and lone surrogates."""
    return value.encode("utf-8", "replace").decode().replace("\x00", "") if isinstance(value, str) else value


def _day(value: object) -> object:
    """Read "2027-03-01" and nothing else: pydantic would also take moments and seconds since 1970."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return date.fromisoformat(value)
    if isinstance(value, date) or value is None:
        return value
    raise ValueError("Input should be a date such as 2027-03-01")


def _once(values: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))


def _without_nulls(raw: object) -> object:
    if not isinstance(raw, Mapping):
        return raw
    return {key: value for key, value in raw.items() if value is not None}


def _nullable(schema: dict[str, Any]) -> None:
    """Say in the JSON schema what _without_nulls does: null is the same as absent."""
    for name, field in schema["properties"].items():
        if name not in schema.get("required", ()):
            schema["properties"][name] = {"anyOf": [field, {"type": "null"}]}


Chosen = Annotated[tuple[T, ...], AfterValidator(_once)]
Text = Annotated[str, Field(strict=True), BeforeValidator(_storable)]
# the bounds only catch nonsense: a million hours is a century
Quantity = Annotated[float, Field(strict=True, ge=0, le=1_000_000, allow_inf_nan=False)]
Score = Annotated[int, Field(strict=True, ge=0, le=1_000), BeforeValidator(_whole)]


class _Schema(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", json_schema_extra=_nullable)

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, raw: object) -> object:
        return _without_nulls(raw)


class Substance(_Schema):
    """One substance. Only its name is needed; everything else may be unknown."""

    name: SubstanceName
    freq: Frequency = Frequency.UNKNOWN
    amount_per_day: Quantity | None = None
    unit: Unit | None = None
    hours_since_last: Quantity | None = None
    status: UseStatus = UseStatus.UNKNOWN
    source: Source | None = None
    route: Route | None = None


class Answers(_Schema):
    """What one enquiry says. `Answers()` is the enquiry that says nothing: every answer unknown or empty.

    `timing_assumed`: nobody was asked when help should start, the form stands for it. Rules take it as said;
    nobody is shown it as said.
    """

    enquirer: CallerRole = CallerRole.SELF
    person_aware: PersonAware = PersonAware.UNKNOWN
    age_band: AgeBand = AgeBand.UNKNOWN
    substances: Annotated[tuple[Substance, ...], Field(max_length=MOST_SUBSTANCES)] = ()
    behaviours: Chosen[Behaviour] = ()
    pgsi: Score | None = None
    audit_total: Score | None = None
    sadq_total: Score | None = None
    symptoms: Chosen[Symptom] = ()
    history: Chosen[History] = ()
    suicide: Suicide = Suicide.UNKNOWN
    pregnancy: Pregnancy = Pregnancy.UNKNOWN
    tolerance_break: ToleranceBreak = ToleranceBreak.UNKNOWN
    situation: Chosen[Situation] = ()
    medical: Chosen[Medical] = ()
    timing: Timing = Timing.FLEXIBLE
    timing_assumed: SkipJsonSchema[Annotated[bool, Field(strict=True)]] = False
    preferred_date: Annotated[date | None, BeforeValidator(_day)] = None
    programme: Programme = Programme.UNSURE
    professional_urgent: Annotated[bool, Field(strict=True)] = False
    free_text: Text = ""

    @model_validator(mode="before")
    @classmethod
    def _self_is_aware(cls, raw: object) -> object:
        """Whoever asks for themselves has agreed; an enquiry about someone unaware is not their own."""
        given = _without_nulls(raw)
        if not isinstance(given, dict):
            return given
        if "enquirer" not in given and given.get("person_aware") in (PersonAware.NO, PersonAware.UNKNOWN):
            return given | {"enquirer": CallerRole.LOVED_ONE}
        own = given.get("enquirer", CallerRole.SELF) == CallerRole.SELF
        if own and given.get("person_aware", PersonAware.YES) in tuple(PersonAware):
            return given | {"person_aware": PersonAware.YES}
        return given

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values, every answer present; parse_answers reads them back."""
        assumed: set[str] = set() if self.timing_assumed else {"timing_assumed"}
        return self.model_dump(mode="json", exclude=assumed)


def parse_answers(raw: Mapping[str, Any]) -> Answers:
    """Return the typed answers. Raises AnswersError with a plain message for each field at fault."""
    try:
        return Answers.model_validate(raw)
    except ValidationError as error:
        raise AnswersError(_messages_by_field(error)) from None


def _messages_by_field(error: ValidationError) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for problem in error.errors(include_url=False, include_context=False, include_input=False)[:MOST_ERRORS]:
        field = ".".join(str(part) for part in problem["loc"]) or "answers"
        found.setdefault(field, []).append(_PLAIN_WORDS.get(problem["type"], f"{problem['msg']}."))
    return found
