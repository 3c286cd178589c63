"""What is sent to work on a lead."""

from typing import Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from crm.api.fields import (
    Body,
    DispositionName,
    LevelName,
    Method,
    Outcome,
    Reason,
    ShortText,
    Text,
    Yes,
    nullable,
)


class AttemptIn(Body):
    """One try to reach somebody. Only a two-way one stops the first-response clock."""

    person: Literal["caller", "patient"] = "caller"
    method: Method
    outcome: Outcome
    two_way: Yes = False
    inbound: Yes = Field(False, description="They rang or wrote to us: the contact rules are not asked.")
    note: Text = ""
    override_reason: Text = Field(
        "", description="10 characters or more, to use a way of contact that they did not call safe."
    )


def _change_or_confirmation(schema: dict[str, Any]) -> None:
    """Say in the JSON schema that a change needs a level and a code, and a confirmation only itself."""
    nullable(schema)
    given = {name: {"not": {"type": "null"}} for name in ("level", "reason_code", "confirm")}
    schema["anyOf"] = [
        {"required": ["level", "reason_code"], "properties": {n: given[n] for n in ("level", "reason_code")}},
        {"required": ["confirm"], "properties": {"confirm": given["confirm"]}},
    ]


class PlacementIn(Body):
    """A person's change of the level. Raising takes effect at once; lowering needs 20 characters of reason.

    Out of E1 and E2 a clinical lead other than who asked has to confirm it, with `confirm` alone.
    """

    model_config = ConfigDict(extra="ignore", json_schema_extra=_change_or_confirmation)

    level: LevelName | None = None
    reason_code: Reason | None = None
    reason: Text = ""
    confirm: UUID | None = Field(None, description="`asked_lowering` of the lead, to confirm it.")


class CloseIn(Body):
    """Why the lead is closed; where to, when they were referred on or need what we do not offer."""

    disposition: DispositionName
    destination: ShortText = ""
    note: Text = ""
