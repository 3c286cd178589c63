"""What is still to be done on a duplicate goes to its survivor, no later and no less urgent."""

from datetime import datetime
from typing import Any

from crm.enums import EventKind, Level, ReasonCode
from crm.models import Lead, LeadEvent, LeadMerge, Placement, User
from crm.selectors.leads import latest_placement
from crm.services.alerts import alert_staff
from crm.services.bringing_back import bring_back
from crm.services.first_response import hold_to
from crm.services.ordering import stand_anew
from crm.services.queues import shorten_lease
from crm.targets import ALERTING_LEVELS

FILLED = ("main_substance", "timing", "wants_interpreter")


def take_over_urgency(survivor: Lead, duplicate: Lead, merge: LeadMerge, by: User, at: datetime) -> None:
    """Bring the locked survivor up to the duplicate's counts, holds, due time and level, and save it.

    What it had before stands in `merge.taken`, with what it has now (crm.services.parting).
    """
    for lead in (survivor, duplicate):
        bring_back(lead, at, by=by)
    had = _standing(survivor)
    survivor.can_wait = False  # what joins a lead may raise it
    survivor.enquiry_count += duplicate.enquiry_count
    survivor.attempt_count += duplicate.attempt_count
    survivor.holds = sorted({*survivor.holds, *duplicate.holds})
    filled = [name for name in FILLED if getattr(duplicate, name) and not getattr(survivor, name)]
    for name in filled:
        setattr(survivor, name, getattr(duplicate, name))
    if duplicate.awaits_contact:
        _wait_as_long(survivor, duplicate)
    raised = _is_more_urgent(duplicate, survivor)
    if raised:
        _raise(survivor, duplicate, merge, by, at)
    survivor.save()
    stand_anew(survivor)
    merge.taken = {"had": had, "has": _standing(survivor), "filled": filled}
    if raised and survivor.level in ALERTING_LEVELS:
        alert_staff(lead=survivor, key=f"merge:{merge.pk}", at=at)


def _standing(lead: Lead) -> dict[str, Any]:
    """Return how a lead stands, without anything personal."""
    return {
        "level": lead.level,
        "band": lead.band,
        "holds": lead.holds,
        "due_at": lead.due_at.isoformat(),
        "respond_by": lead.respond_by.isoformat(),
        "clock_ends_at": lead.clock_ends_at.isoformat(),
    }


def _wait_as_long(survivor: Lead, duplicate: Lead) -> None:
    """Somebody waits to hear from us: a lead of the survivor's level that does, due when they were due."""
    waiting = Level(survivor.level).band if survivor.level else duplicate.band
    survivor.band = min(survivor.band, waiting)
    survivor.due_at = min(survivor.due_at, duplicate.due_at)
    if survivor.first_contact_at is None:
        hold_to(survivor, duplicate.respond_by, stood=duplicate.clock_stopped_for)


def _is_more_urgent(duplicate: Lead, survivor: Lead) -> bool:
    if not duplicate.level:
        return False
    return not survivor.level or Level(duplicate.level).rank < Level(survivor.level).rank


def _raise(survivor: Lead, duplicate: Lead, merge: LeadMerge, by: User, at: datetime) -> None:
    """Give the survivor the duplicate's level, with the reasons that the duplicate had it for."""
    before, level = survivor.level, Level(duplicate.level or Level.U1)
    known = latest_placement(duplicate)
    survivor.level, survivor.queue = level, level.queue
    if survivor.awaits_contact:
        survivor.band = min(survivor.band, level.band)
    survivor.placed_at = survivor.placed_at or at
    shorten_lease(survivor, at)
    Placement.objects.create(
        lead=survivor,
        decision_key=f"merge:{merge.pk}",
        rule_set_version=known.rule_set_version if known else "",
        answers=known.answers if known else {},
        rules=known.rules if known else [],
        decided_level=level,
        level=level,
        queue=level.queue,
        holds=survivor.holds,
        decided_by=by,
        reason_code=ReasonCode.SITUATION_CHANGED,
        decided_at=at,
    )
    data = {"from": before, "to": level, "reason_code": ReasonCode.SITUATION_CHANGED}
    LeadEvent.objects.create(lead=survivor, kind=EventKind.LEVEL_RAISED, by=by, occurred_at=at, data=data)
