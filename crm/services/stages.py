"""A lead's way from new to admitted or closed. Only people move it, and only along the allowed moves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.answer_labels import hold_label
from crm.calling import call_by
from crm.enums import ALLOWED_MOVES, CallBackKind, Disposition, EventKind, Level, PackWay, Stage
from crm.models import Lead, LeadEvent, User
from crm.models.lead import PLACED
from crm.refusals import (
    ContactNotSafe,
    DestinationMissing,
    HoldsBlockOffer,
    LeadIsOpen,
    LeadIsOver,
    MoveNotAllowed,
    NobodyTried,
    NoContactYet,
)
from crm.selectors.opening import opening_hours
from crm.services.acknowledging import end_alert
from crm.services.as_it_was import remember
from crm.services.bringing_back import bring_back
from crm.services.call_backs import WishedCall, arrange, drop_call_back
from crm.services.contact_plans import forget_plan
from crm.services.locking import locked
from crm.services.ordering import stand_anew
from crm.services.pulse import touch_queues
from crm.services.queues import free_of_owner
from crm.services.signposting import give_pack
from crm.targets import FOLLOW_UP_AFTER
from notifications.enums import EscalationEnd

LEAVES_THEM_ALONE = frozenset(
    {Disposition.ASKED_NO_CONTACT, Disposition.DUPLICATE, Disposition.NOT_AN_ENQUIRY}
)
OWNERSHIP = ["owner", "claimed_at", "lease_until"]


@dataclass(frozen=True, slots=True)
class Closing:
    """How a lead ended. `destination` is mandatory where somebody was referred on.

    `pack` is how the caller gets a signpost pack, `safety_at` when we call once more to ask how they are.
    """

    disposition: Disposition
    destination: str = ""
    note: str = ""
    pack: PackWay | None = None
    safety_at: datetime | None = None


@transaction.atomic
def move_stage(*, lead: Lead, by: User, to: Stage, at: datetime) -> Lead:
    """Move a lead one step. Closing has a service of its own.

    Raises MoveNotAllowed, NoContactYet for "contacted" without a logged two-way contact, and HoldsBlockOffer
    for an offer while a hold is set, or while the lead is not placed and its holds are not known.
    """
    lead = locked(lead)
    _check_move(lead, to)
    before = {"before": remember(lead, at)} if to == Stage.ADMITTED else {}
    set_stage(lead, to, by, at, **before)
    if not lead.is_open:
        bring_back(lead, at, by=by)
        free_of_owner(lead)
        drop_call_back(lead, by, at)
        forget_plan(lead)
        end_alert(lead=lead, why=EscalationEnd.OVER, at=at)
    lead.save(update_fields=["stage", *OWNERSHIP])
    touch_queues()
    return lead


@transaction.atomic
def close_lead(*, lead: Lead, by: User, closing: Closing, at: datetime) -> Lead:
    """Close a lead, from any stage. Raises LeadIsOver, DestinationMissing, MoveNotAllowed,
    and NobodyTried for "could not be reached" without a single contact attempt.

    Whoever asked us not to contact them gets no pack by e-mail and no safety call: ContactNotSafe.
    """
    lead = locked(lead)
    _check_closing(lead, closing)
    bring_back(lead, at, by=by)
    before = lead.stage
    lead.stage, lead.closed_at = Stage.CLOSED, at
    lead.disposition, lead.destination = closing.disposition, closing.destination.strip()
    free_of_owner(lead)
    drop_call_back(lead, by, at)
    forget_plan(lead)
    lead.save(update_fields=["stage", "closed_at", "disposition", "destination", *OWNERSHIP])
    LeadEvent.objects.create(
        lead=lead,
        kind=EventKind.CLOSED,
        by=by,
        occurred_at=at,
        data={"from": before, "disposition": closing.disposition},
        note=closing.note.strip(),
    )
    end_alert(lead=lead, why=EscalationEnd.OVER, at=at)
    _see_them_off(lead, by, closing, at)
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
    drop_call_back(lead, by, at)
    lead.save(update_fields=["stage", "closed_at", "disposition", "destination", "due_at"])
    stand_anew(lead)  # a safety call may have been tried meanwhile
    LeadEvent.objects.create(
        lead=lead, kind=EventKind.REOPENED, by=by, occurred_at=at, data=data, note=reason.strip()
    )
    touch_queues()
    return lead


def _see_them_off(lead: Lead, by: User, closing: Closing, at: datetime) -> None:
    """Give a signpost pack and set a safety call, where somebody chose to."""
    writes_or_calls = closing.pack == PackWay.EMAIL or closing.safety_at
    if writes_or_calls and closing.disposition in LEAVES_THEM_ALONE:
        raise ContactNotSafe("They are not to be contacted after this: no e-mail, and no safety call.")
    if closing.pack:
        give_pack(lead, by, closing.pack, at)
    if closing.safety_at:
        arrange(lead, by, WishedCall(lead.caller, closing.safety_at, CallBackKind.SAFETY), at)


def set_stage(lead: Lead, to: Stage, by: User, at: datetime, **more: Any) -> None:
    """Set a locked lead's stage and note the move; the caller saves it."""
    data = {"from": lead.stage, "to": to, **more}
    lead.stage = to
    LeadEvent.objects.create(lead=lead, kind=EventKind.STAGE_MOVED, by=by, occurred_at=at, data=data)


def _check_move(lead: Lead, to: Stage) -> None:
    if to == lead.stage:
        raise MoveNotAllowed(f"This lead is at {to.label} already. Nothing has changed.")
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
