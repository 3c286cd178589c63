"""Where a lead stands: the part that every answer about leads has."""

from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, Field

from crm.api.fields import LevelName, QueueName, StageName
from crm.enums import Level
from crm.models import Lead, User
from crm.reasons import Reason
from crm.selectors.queues import is_unplaced_too_long


class ReasonOut(BaseModel):
    """What a rule noticed, and the level that it asks for; none if it only adds advice or a hold."""

    reason: str = Field(examples=["Signs of alcohol withdrawal now"])
    level: LevelName | None

    @classmethod
    def of(cls, reason: Reason) -> Self:
        return cls(reason=reason.words, level=reason.level)


class LeadState(BaseModel):
    """Where a lead stands. `due_at` is the next human act, `respond_by` the promise for the first one."""

    reference: str = Field(examples=["T7K4-9QXM"])
    queue: QueueName
    level: LevelName | None = Field(description="Null until it is placed; U1 when that takes over a minute.")
    is_unplaced: bool = Field(description="Nothing has placed it within a minute.")
    stage: StageName
    holds: list[str] = Field(examples=[["H-CLIN"]], description="Tasks that block an offer, never a call.")
    owner: str | None = Field(description="Who works on it, while their lease lasts.")
    is_mine: bool
    lease_until: datetime | None
    received_at: datetime
    respond_by: datetime
    due_at: datetime
    is_overdue: bool
    first_contact_at: datetime | None
    attempt_count: int
    enquiry_count: int
    closed_at: datetime | None
    disposition: str = Field(description="Why it was closed; empty while it is open.")


def state_of(lead: Lead, user: User, at: datetime) -> dict[str, Any]:
    """Return the values of LeadState. The lead comes with its owner."""
    unplaced = is_unplaced_too_long(lead, at)
    taken = bool(lead.lease_until and lead.lease_until > at)
    return {
        **{name: getattr(lead, name) for name in AS_IT_IS},
        "level": Level.U1 if unplaced else lead.level,
        "is_unplaced": unplaced,
        "owner": str(lead.owner) if taken else None,
        "is_mine": taken and lead.owner_id == user.pk,
        "lease_until": lead.lease_until if taken else None,
        "is_overdue": lead.is_overdue(at),
        "disposition": lead.disposition.lower(),
    }


AS_IT_IS = LeadState.model_fields.keys() - {
    "level",
    "is_unplaced",
    "owner",
    "is_mine",
    "lease_until",
    "is_overdue",
    "disposition",
}
