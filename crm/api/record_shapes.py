"""The parts of a lead's record."""

from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, Field

from crm.api.fields import LevelName, QueueName
from crm.api.states import LeadState
from crm.contact_rules import ContactRules
from crm.enums import Level, Queue
from crm.models import Placement
from crm.selectors.lead_record import Told
from crm.selectors.timeline import Entry


class RuleOut(BaseModel):
    id: str = Field(examples=["alcohol-withdrawal-symptoms"])
    reason: str
    level: str = Field(description="Empty: the rule only adds advice or a hold.", examples=["U1"])


class PlacementOut(BaseModel):
    """One decision on where the lead goes, as it was made. Nobody in `decided_by`: the rules."""

    decided_at: datetime
    level: LevelName
    queue: QueueName
    rules: list[RuleOut]
    holds: list[str]
    rule_set_version: str
    answers: dict[str, Any]
    decided_by: str | None
    confirmed_by: str | None
    reason_code: str
    reason: str

    @classmethod
    def of(cls, placement: Placement) -> Self:
        by, confirmed = placement.decided_by, placement.confirmed_by
        return cls(
            decided_at=placement.decided_at,
            level=Level(placement.level),
            queue=Queue(placement.queue),
            rules=placement.rules,
            holds=placement.holds,
            rule_set_version=placement.rule_set_version,
            answers=placement.answers,
            decided_by=str(by) if by else None,
            confirmed_by=str(confirmed) if confirmed else None,
            reason_code=placement.reason_code.lower(),
            reason=placement.reason,
        )


class PersonOut(BaseModel):
    """A person, and how they may be reached. A way that is not `safe` needs a reason to be used."""

    role: str = Field(examples=["Caller, for themselves"])
    name: str
    phone: str = Field(description="As it was typed.")
    phone_e164: str
    phone_looks_unusual: bool
    email: str
    safe: list[str] = Field(examples=[["Calls", "E-mail"]])
    unsafe: list[str] = Field(examples=[["No voicemail", "No text messages"]])
    postal_address: str
    safe_times: str
    ask_for: str
    say_instead: str = Field(description="What to say if somebody else answers.")
    contact_note: str
    no_contact: bool = Field(description="Has not agreed: must not be contacted at all.")
    stopped_at: datetime | None = Field(description="When they asked us to stop contacting them.")

    @classmethod
    def of(cls, rules: ContactRules) -> Self:
        of_rules = {"role", "safe", "unsafe"}
        facts = {name: getattr(rules.person, name) for name in cls.model_fields.keys() - of_rules}
        return cls(role=rules.role, safe=rules.safe, unsafe=rules.unsafe, **facts)


class ToldOut(BaseModel):
    """What the caller was told with one enquiry."""

    at: datetime
    enquiry: str = Field(description="The reference that the enquiry got.")
    texts: list[str]

    @classmethod
    def of(cls, told: Told) -> Self:
        event = told.event
        return cls(at=event.occurred_at, enquiry=event.data.get("enquiry", ""), texts=told.texts)


class EntryOut(BaseModel):
    """One thing that happened. `words` is what a person typed."""

    at: datetime
    title: str
    by: str
    details: list[str]
    words: str
    is_alarm: bool

    @classmethod
    def of(cls, entry: Entry) -> Self:
        return cls(**{name: getattr(entry, name) for name in cls.model_fields})


class LeadOut(LeadState):
    """The whole record of a lead: why it is here, who it is about, what was said and done. Latest first."""

    site: str
    channel: str
    caller_role: str
    source: str
    main_substance: str
    wants_interpreter: str
    review_reason: str
    destination: str
    placed_at: datetime | None
    promise: str = Field(examples=["call within 25 minutes"])
    placements: list[PlacementOut]
    people: list[PersonOut]
    consent: list[str] = Field(description="What may be told to whom.")
    told: list[ToldOut]
    timeline: list[EntryOut]
    asked_lowering: str | None = Field(
        description="A request to lower it that a clinical lead has to confirm."
    )
