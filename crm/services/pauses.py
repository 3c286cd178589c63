"""Setting a lead aside for a while: with its clock stopped, or snoozed while the clock runs.

Everything that the end of a pause changes is written when it begins: due_at already leaves out the time for
which the clock stands. So a lead is back at its moment whether or not any job runs; the job only says so on
the timeline, and refreshes the desks.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from crm.enums import EventKind, Level, PauseKind, PauseReason
from crm.models import Lead, LeadEvent, User
from crm.models.lead import PLACED
from crm.refusals import AlreadySetAside, EmergencyWaitsForNobody, NotPlacedYet, NotSetAside, PauseNotPossible
from crm.services.acknowledging import answer_alert
from crm.services.bringing_back import COLUMNS, bring_back, move_clock
from crm.services.locking import locked, locked_open
from crm.services.pulse import touch_queues
from crm.services.queues import free_of_owner
from crm.targets import target_minutes
from jobs.services.enqueue import enqueue_job
from notifications.enums import Acknowledgement

LONGEST_STOP = timedelta(days=14)
BEGINS = {PauseKind.CLOCK: EventKind.CLOCK_STOPPED, PauseKind.SNOOZE: EventKind.SNOOZED}


@dataclass(frozen=True, slots=True)
class Pause:
    """How a lead is set aside, why, and until when."""

    kind: PauseKind
    reason: PauseReason
    until: datetime
    note: str = ""


@transaction.atomic
def pause_lead(*, lead: Lead, by: User, pause: Pause, at: datetime) -> Lead:
    """Set a lead aside and give it back. A stopped clock moves what is due by as long as it stands.

    Raises EmergencyWaitsForNobody for E1 and E2, NotPlacedYet, AlreadySetAside, LeadIsOver, and
    PauseNotPossible: a snooze is no longer than a whole promise of the level, a stop no longer than 14 days,
    and that nobody answers stops no clock.
    """
    lead = locked_open(lead)
    _check(lead, pause, at)
    bring_back(lead, at)  # one whose time is over already, unless the job was there first
    lead.pause, lead.pause_reason = pause.kind, pause.reason
    lead.paused_at, lead.paused_until = at, pause.until
    if pause.kind == PauseKind.CLOCK:
        move_clock(lead, pause.until - at)
    free_of_owner(lead)
    lead.save(update_fields=[*COLUMNS, "owner", "claimed_at", "lease_until"])
    data = {"reason": pause.reason, "until": pause.until.isoformat()}
    LeadEvent.objects.create(
        lead=lead, kind=BEGINS[pause.kind], by=by, occurred_at=at, data=data, note=pause.note.strip()
    )
    answer_alert(lead=lead, by=by, how=Acknowledgement.DESK, at=at)
    _say_so_at_its_end(lead, pause.until, at)
    touch_queues()
    return lead


def set_aside_again(lead: Lead, kind: PauseKind, was: dict[str, Any], *, by: User, at: datetime) -> None:
    """Set a locked lead aside as it `was` before it was closed, unless that time is over meanwhile."""
    if was["paused_until"] <= at:
        return
    lead.pause = kind
    for name, value in was.items():
        setattr(lead, name, value)
    lead.save(update_fields=["pause", *was])
    data = {"reason": lead.pause_reason, "until": was["paused_until"].isoformat()}
    LeadEvent.objects.create(lead=lead, kind=BEGINS[kind], by=by, occurred_at=at, data=data)
    _say_so_at_its_end(lead, was["paused_until"], at)


@transaction.atomic
def end_pause(*, lead: Lead, by: User, at: datetime) -> Lead:
    """Bring a lead back before its time, as if it had been set aside until now. Raises NotSetAside."""
    lead = locked(lead)
    if not lead.is_paused(at):
        raise NotSetAside
    bring_back(lead, at, by=by)
    return lead


@transaction.atomic
def note_end_of_pause(*, lead_id: UUID, at: datetime) -> None:
    """Say on the timeline that a pause is over. One that was ended or begun anew meanwhile is left alone."""
    lead = locked(Lead(pk=lead_id))
    if lead.paused_until and lead.paused_until <= at:
        bring_back(lead, at)


def longest_snooze(lead: Lead, at: datetime) -> datetime:
    """Return until when a lead can be snoozed: to its time, or a whole promise of its level from now."""
    promise = timedelta(minutes=target_minutes(Level(lead.level or Level.U1)))
    return max(lead.due_at, at + promise)


def _check(lead: Lead, pause: Pause, at: datetime) -> None:
    if lead.queue not in PLACED or not lead.level:
        raise NotPlacedYet
    if Level(lead.level).is_emergency:
        raise EmergencyWaitsForNobody
    if lead.is_paused(at):
        raise AlreadySetAside
    if pause.until <= at:
        raise PauseNotPossible("Choose a time that is still to come.")
    if pause.kind == PauseKind.SNOOZE:
        _check_snooze(lead, pause, at)
    else:
        _check_stop(pause, at)


def _check_snooze(lead: Lead, pause: Pause, at: datetime) -> None:
    if pause.until > longest_snooze(lead, at):
        raise PauseNotPossible(
            "A snooze is no longer than the promise of the level, because its clock runs. "
            "Choose an earlier time, or stop the clock."
        )


def _check_stop(pause: Pause, at: datetime) -> None:
    if not PauseReason(pause.reason).stops_the_clock:
        raise PauseNotPossible("That nobody answers does not stop the clock. Snooze the lead instead.")
    if pause.until > at + LONGEST_STOP:
        raise PauseNotPossible("The clock stops for 14 days at most.")


def _say_so_at_its_end(lead: Lead, until: datetime, at: datetime) -> None:
    enqueue_job(
        kind="crm.tasks.end_pause",
        subject=lead.pk,
        due_at=until,
        dedupe_key=f"pause:{lead.pk}:{at.isoformat()}",
    )
