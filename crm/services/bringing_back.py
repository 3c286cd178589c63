"""Bringing a lead back that is set aside (crm.services.pauses)."""

from datetime import datetime, timedelta

from crm.enums import EventKind, PauseKind
from crm.models import Lead, LeadEvent, User
from crm.services.pulse import touch_queues

COLUMNS = ["pause", "pause_reason", "paused_at", "paused_until", "due_at", "clock_stopped_for"]
ENDS = {PauseKind.CLOCK: EventKind.CLOCK_GOES_ON, PauseKind.SNOOZE: EventKind.SNOOZE_ENDED}


def bring_back(lead: Lead, at: datetime, *, by: User | None = None) -> None:
    """End the pause of a locked lead, if it has one, and save that; a stopped clock runs again from now.

    Whatever makes a lead more pressing calls this, so that nothing waits that got worse; so does taking it.
    """
    if not lead.pause or lead.paused_until is None:
        return
    kind, ended = PauseKind(lead.pause), min(at, lead.paused_until)
    by = by if ended < lead.paused_until else None  # it had come back by itself
    if kind == PauseKind.CLOCK:
        move_clock(lead, ended - lead.paused_until)
    lead.pause = lead.pause_reason = ""
    lead.paused_at = lead.paused_until = None
    lead.save(update_fields=COLUMNS)
    LeadEvent.objects.create(lead=lead, kind=ENDS[kind], by=by, occurred_at=ended)
    touch_queues()


def move_clock(lead: Lead, by: timedelta) -> None:
    """Move what is due, and how long the clock of the first response stood. The caller saves the lead."""
    lead.due_at += by
    if lead.first_contact_at is None:
        lead.clock_stopped_for += by
