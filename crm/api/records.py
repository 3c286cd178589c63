"""Everything about one lead. Whoever reads it is written down."""

from datetime import datetime
from typing import Any, Self

from ninja import Router
from pydantic import BaseModel, Field

from crm.api.access import StaffRequest, StaffToken
from crm.api.fields import LevelName, QueueName
from crm.api.problems import PhoneProblem, Problem
from crm.api.states import LeadState, state_of
from crm.contact_rules import ContactRules
from crm.enums import Level, Queue
from crm.models import Lead, Placement, User
from crm.permissions import lead_or_404
from crm.selectors.lead_record import LeadRecord, Told, lead_record
from crm.selectors.timeline import Entry
from crm.services.access import record_read

router = Router(tags=["Desk"], auth=StaffToken())


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
    contact_note: str
    no_contact: bool = Field(description="Must not be contacted at all.")

    @classmethod
    def of(cls, rules: ContactRules) -> Self:
        names = ("name", "phone", "phone_e164", "phone_looks_unusual", "email", "contact_note", "no_contact")
        facts = {name: getattr(rules.person, name) for name in names}
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


PLAIN = (
    "caller_role",
    "source",
    "main_substance",
    "wants_interpreter",
    "review_reason",
    "destination",
    "placed_at",
)
ANSWERS = {200: LeadOut, 401: Problem, 403: Problem, 404: Problem, 500: Problem, 503: PhoneProblem}


@router.get("/leads/{reference}", response=ANSWERS, summary="Read a lead", operation_id="read_lead")
def read_lead(request: StaffRequest, reference: str) -> LeadOut:
    """Return everything about a lead of your sites, by any reference that it was ever given.

    The read goes on record: who, what, when.
    """
    lead, user, at = lead_or_404(request, reference), request.user, request.at
    record_read(lead=lead, by=user, what="api", at=at)
    return _record(lead, lead_record(lead, at), user, at)


def _record(lead: Lead, record: LeadRecord, user: User, at: datetime) -> LeadOut:
    return LeadOut(
        **state_of(lead, user, at),
        **{name: getattr(lead, name) for name in PLAIN},
        site=lead.site.name,
        channel=lead.channel.lower(),
        promise=record.promise.words,
        placements=[PlacementOut.of(decision.placement) for decision in record.decisions],
        people=[PersonOut.of(rules) for rules in record.rules],
        consent=record.consent,
        told=[ToldOut.of(told) for told in record.told],
        timeline=[EntryOut.of(entry) for entry in record.timeline],
        asked_lowering=str(record.asked.pk) if record.asked else None,
    )
