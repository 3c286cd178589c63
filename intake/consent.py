"""What a caller agreed to, as plain facts. Nobody is refused for a "no": people read it and respect it."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

Fact = Annotated[bool | None, Field(strict=True)]


class ConsentError(ValueError):
    """The consent makes no sense. `errors` maps a field to plain messages."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__("; ".join(errors))
        self.errors = errors


class Consent(BaseModel):
    """Each is true, false, or was not asked. A bare true or false is the answer to `given`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    given: Fact = Field(None, description="They agree that we use what they said, as the notice says.")
    contact: Fact = Field(None, description="We may contact them about this enquiry.")
    health: Fact = Field(None, description="We may use what they said about their health.")
    share: Fact = Field(None, description="We may tell whoever referred them what came of it.")
    updates: Fact = Field(None, description="We may write to them about other things.")

    @model_validator(mode="before")
    @classmethod
    def _bare_answer(cls, raw: object) -> object:
        return {"given": raw} if isinstance(raw, bool) else raw

    def to_dict(self) -> dict[str, bool]:
        """Return the facts that are known, and nothing else."""
        return self.model_dump(exclude_none=True)


def parse_consent(raw: bool | Mapping[str, Any] | None) -> Consent:
    """Return the consent. Raises ConsentError with a plain message for each field at fault."""
    try:
        return Consent.model_validate({} if raw is None else raw)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=False, include_input=False)
        places = {".".join(str(part) for part in each["loc"]): each["msg"] for each in problems}
        raise ConsentError({place: [f"{said}."] for place, said in places.items()}) from None
