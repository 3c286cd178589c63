"""A lead's way from new to admitted or closed. Only people move it, and only along the allowed moves."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from crm.answer_labels import hold_label
from crm.calling import call_by
from crm.enums import ALLOWED_MOVES, Disposition, EventKind, Level, Stage
from crm.models import Lead, LeadEvent, User
from crm.models.lead import PLACED
from crm.refusals import (
    DestinationMissing,
    HoldsBlockOffer,
    LeadIsOpen,
    LeadIsOver,
    MoveNotAllowed,
    NobodyTried,
    NoContactYet,
)
from crm.selectors.opening import opening_hours
from crm.services.locking import locked
from crm.services.pauses import bring_back
from crm.services.pulse import touch_queues
from crm.services.queues import free_of_owner
from crm.targets import FOLLOW_UP_AFTER

OWNERSHIP = ["owner", "claimed_at", "lease_until"]


@dataclass(frozen=True, slots=True)
class Closing:
    """How a lead ended. `destination` is mandatory where somebody was referred on."""

    disposition: Disposition
    destination: str = ""
    note: str = ""


@transaction.atomic
def move_stage(*, lead: Lead, by: User, to: Stage, at: datetime) -> Lead:
    """Move a lead one step. Closing has a service of its own.

    Raises MoveNotAllowed, NoContactYet for "contacted" without a logged two-way contact, and HoldsBlockOffer
    for an offer while a hold is set, or while the lead is not placed and its holds are not known.
    """
    lead = locked(lead)
    _check_move(lead, to)
    set_stage(lead, to, by, at)
    if not lead.is_open:
        bring_back(lead, at, by=by)
        free_of_owner(lead)
    lead.save(update_fields=["stage", *OWNERSHIP])
    touch_queues()
    return lead


@transaction.atomic
def close_lead(*, lead: Lead, by: User, closing: Closing, at: datetime) -> Lead:
    """Close a lead, from any stage. Raises LeadIsOver, DestinationMissing, MoveNotAllowed,
    and NobodyTried for "could not be reached" without a single contact attempt.
    """
    lead = locked(lead)
    _check_closing(lead, closing)
    bring_back(lead, at, by=by)
    before = lead.stage
    lead.stage, lead.closed_at = Stage.CLOSED, at
    lead.disposition, lead.destination = closing.disposition, closing.destination.strip()
    free_of_owner(lead)
    lead.save(update_fields=["stage", "closed_at", "disposition", "destination", *OWNERSHIP])
    LeadEvent.objects.create(
        lead=lead,
        kind=EventKind.CLOSED,
        by=by,
        occurred_at=at,
        data={"from": before, "disposition": closing.disposition},
        note=closing.note.strip(),
    )
    touch_queues()
    return lead


@transaction.atomic
def reopen_lead(*, lead: Lead, by: User | None, reason: str, at: datetime) -> Lead:
    """Open a closed lead again at the stage it was closed from. Raises LeadIsOpen."""
    lead = locked(lead)
    if lead.stage != Stage.CLOSED:
        raise LeadIsOpen
    data = {"to": _stage_before_closing(lead), "disposition": lead.disposition}
    lead.stage, lead.closed_at = data["to"], None
    lead.disposition = lead.destination = ""
    lead.due_at = _due_again(lead, at)
    lead.save(update_fields=["stage", "closed_at", "disposition", "destination", "due_at"])
    LeadEvent.objects.create(
        lead=lead, kind=EventKind.REOPENED, by=by, occurred_at=at, data=data, note=reason.strip()
    )
    touch_queues()
    return lead


def set_stage(lead: Lead, to: Stage, by: User, at: datetime) -> None:
    """Set a locked lead's stage and note the move; the caller saves it."""
    data = {"from": lead.stage, "to": to}
    lead.stage = to
    LeadEvent.objects.create(lead=lead, kind=EventKind.STAGE_MOVED, by=by, occurred_at=at, data=data)


def _check_move(lead: Lead, to: Stage) -> None:
    if to == Stage.CLOSED or to not in ALLOWED_MOVES[Stage(lead.stage)]:
        raise MoveNotAllowed(f"A lead cannot go from {lead.get_stage_display()} to {Stage(to).label}.")
    if to == Stage.CONTACTED and lead.first_contact_at is None:
        raise NoContactYet
    if to == Stage.OFFERED and lead.queue not in PLACED:
        raise HoldsBlockOffer(
            "A bed cannot be offered yet. The lead is not placed, so its holds are not known."
        )
    if to == Stage.OFFERED and lead.holds:
        tasks = "; ".join(hold_label(hold) for hold in lead.holds)
        raise HoldsBlockOffer(f"A bed cannot be offered yet. First: {tasks}.")


def _check_closing(lead: Lead, closing: Closing) -> None:
    if lead.stage == Stage.CLOSED:
        raise LeadIsOver
    if closing.disposition.needs_destination and not closing.destination.strip():
        raise DestinationMissing
    if closing.disposition == Disposition.UNREACHABLE and not lead.attempt_count:
        raise NobodyTried
    if closing.disposition == Disposition.COMPLETED_STAY and lead.stage != Stage.ADMITTED:
        raise MoveNotAllowed("Nobody has been admitted, so no stay was completed.")


def _stage_before_closing(lead: Lead) -> str:
    closed = lead.events.filter(kind=EventKind.CLOSED).order_by("-occurred_at", "-id").first()
    return str(closed.data["from"]) if closed else Stage.NEW


def _due_again(lead: Lead, at: datetime) -> datetime:
    """A lead that nobody has reached is due within its level's time from now; any other, tomorrow.

    One that was never placed counts as U1 here as everywhere.
    """
    if lead.first_contact_at:
        return at + FOLLOW_UP_AFTER
    return call_by(Level(lead.level or Level.U1), at, opening_hours(lead.site))
