"""A person's change of a lead's level. Raising takes effect at once; lowering has conditions."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from crm.enums import EventKind, Level, Queue, ReasonCode, Role, more_severe_than
from crm.models import Lead, LeadEvent, Placement, User
from crm.refusals import (
    LeadInReview,
    NeedsClinicalLead,
    NeedsSecondPerson,
    NothingToConfirm,
    NotLessSevere,
    NotMoreSevere,
    ReasonTooShort,
)
from crm.selectors.leads import has_role_at, latest_of_its_own, pending_lowering
from crm.services.acknowledging import end_alert
from crm.services.alerts import alert_staff, ask_clinical_leads
from crm.services.bringing_back import bring_back
from crm.services.first_response import hold_to
from crm.services.locking import locked_open
from crm.services.ordering import stand_anew
from crm.services.pulse import touch_queues
from crm.services.queues import shorten_lease
from crm.targets import ALERTING_LEVELS, respond_by
from jobs.ids import uuid7
from notifications.enums import EscalationEnd

LEAST_REASON = 20  # characters, to lower


@dataclass(frozen=True, slots=True)
class Change:
    """The level that a person asks for, and why."""

    level: Level
    reason_code: ReasonCode
    reason: str = ""


@transaction.atomic
def raise_level(*, lead: Lead, by: User, change: Change, at: datetime) -> Placement:
    """Raise a lead at once; its call is due within the new level's time from now, if that is sooner.

    Whoever has been spoken with before waits for a call again, and stands with those who do.
    A lead that the rules have not placed yet is placed by this, in the urgent queue: unplaced, it counts as
    urgent, so anything less would lower it without a reason. Raises NotMoreSevere, LeadInReview, LeadIsOver.
    """
    lead, before = _changeable(lead)
    if change.level not in more_severe_than(before):
        raise NotMoreSevere
    bring_back(lead, at, by=by)
    promise = respond_by(change.level, at)
    hold_to(lead, promise)
    lead.due_at = min(lead.due_at, promise)
    lead.band = change.level.band
    placement = _place(lead, change, at, decided_by=by)
    _note(_event(EventKind.LEVEL_RAISED, before, change), lead, by, at)
    if change.level in ALERTING_LEVELS:
        alert_staff(lead=lead, key=placement.decision_key, at=at)
    return placement


@transaction.atomic
def lower_level(*, lead: Lead, by: User, change: Change, at: datetime) -> Placement | None:
    """Lower a lead, or, out of E1 and E2, ask a clinical lead to confirm it (then None is returned).

    The caller keeps the promise that they were given: no time moves later. Raises NotLessSevere,
    ReasonTooShort (under 20 characters), LeadInReview, LeadIsOver.
    """
    lead, before = _changeable(lead)
    if before is None or change.level.rank <= before.rank:
        raise NotLessSevere
    if len(change.reason.strip()) < LEAST_REASON:
        raise ReasonTooShort(LEAST_REASON)
    if before.is_emergency:
        asked = _event(EventKind.LOWERING_ASKED, before, change)
        _note(asked, lead, by, at)
        ask_clinical_leads(lead=lead, asked=asked, by=by, at=at)
        return None
    placement = _place(lead, change, at, decided_by=by)
    _note(_event(EventKind.LEVEL_LOWERED, before, change), lead, by, at)
    return placement


@transaction.atomic
def confirm_lowering(*, lead: Lead, by: User, asked: UUID, at: datetime) -> Placement:
    """Lower an emergency as a colleague asked in the event `asked`.

    Raises NeedsClinicalLead, NeedsSecondPerson when one asked oneself, NothingToConfirm when the request is
    not the latest word on the lead's level.
    """
    lead, before = _changeable(lead)
    if not has_role_at(by, lead, [Role.CLINICAL_LEAD]):
        raise NeedsClinicalLead
    request = pending_lowering(lead)
    if request is None or request.pk != asked or request.data["from"] != lead.level:
        raise NothingToConfirm
    if request.by_id == by.pk:
        raise NeedsSecondPerson
    change = Change(Level(request.data["to"]), ReasonCode(request.data["reason_code"]), request.note)
    placement = _place(lead, change, at, decided_by=request.by, confirmed_by=by)
    _note(_event(EventKind.LEVEL_LOWERED, before, change, asked_by=str(request.by_id)), lead, by, at)
    return placement


@transaction.atomic
def decline_lowering(*, lead: Lead, by: User, asked: UUID, at: datetime) -> None:
    """Keep an emergency's level although somebody asked to lower it; who asked may take it back so.

    Raises NothingToConfirm, NeedsClinicalLead.
    """
    lead, _ = _changeable(lead)
    request = pending_lowering(lead)
    if request is None or request.pk != asked:
        raise NothingToConfirm
    if request.by_id != by.pk and not has_role_at(by, lead, [Role.CLINICAL_LEAD]):
        raise NeedsClinicalLead
    data = {"lowering_declined": str(asked), "level": lead.level}
    LeadEvent.objects.create(lead=lead, kind=EventKind.NOTE_ADDED, by=by, occurred_at=at, data=data)


def _changeable(lead: Lead) -> tuple[Lead, Level | None]:
    lead = locked_open(lead)
    if lead.queue == Queue.REVIEW:
        raise LeadInReview
    return lead, Level(lead.level) if lead.level else None


def _place(
    lead: Lead, change: Change, at: datetime, *, decided_by: User | None, confirmed_by: User | None = None
) -> Placement:
    """Set the level and write the decision down with what was known when it was made."""
    known = latest_of_its_own(lead)
    lead.level, lead.queue = change.level, change.level.queue
    lead.band = change.level.band if lead.awaits_contact else lead.band
    lead.placed_at = lead.placed_at or at
    shorten_lease(lead, at)
    lead.save()
    stand_anew(lead)
    if lead.queue != Queue.URGENT:
        end_alert(lead=lead, why=EscalationEnd.LOWERED, at=at)
    touch_queues()
    return Placement.objects.create(
        lead=lead,
        decision_key=f"person:{uuid7()}",
        rule_set_version=known.rule_set_version if known else "",
        answers=known.answers if known else {},
        rules=known.rules if known else [],
        decided_level=change.level,
        level=change.level,
        queue=change.level.queue,
        holds=lead.holds,
        decided_by=decided_by,
        confirmed_by=confirmed_by,
        reason_code=change.reason_code,
        reason=change.reason.strip(),
        decided_at=at,
    )


def _event(kind: EventKind, before: Level | None, change: Change, **more: str) -> LeadEvent:
    """Return the event of a change, still without its lead, person and time."""
    data = {"from": before, "to": change.level, "reason_code": change.reason_code, **more}
    return LeadEvent(kind=kind, data=data, note=change.reason.strip())


def _note(event: LeadEvent, lead: Lead, by: User, at: datetime) -> None:
    event.lead, event.by, event.occurred_at = lead, by, at
    event.save(force_insert=True)
