"""What a lead's timeline alone says of it: whatever the row says must be explained by an event."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from crm.enums import EventKind, Stage
from crm.models import Lead, LeadEvent

TAKES_AWAY = frozenset(
    {
        EventKind.RELEASED,
        EventKind.LEASE_ENDED,
        EventKind.HANDED_OVER,
        EventKind.TAKEN_OVER,
        EventKind.CLOCK_STOPPED,
        EventKind.SNOOZED,
        EventKind.CLOSED,
    }
)
SETS_ASIDE = frozenset({EventKind.CLOCK_STOPPED, EventKind.SNOOZED})
BRINGS_BACK = frozenset({EventKind.CLOCK_GOES_ON, EventKind.SNOOZE_ENDED})
ENQUIRIES = frozenset({EventKind.ENQUIRY_RECEIVED, EventKind.REPEAT_ENQUIRY})


@dataclass
class Told:
    """A lead as its events tell it, in the order in which they were written."""

    owner: UUID | None = None
    stage: str = Stage.NEW
    level: str | None = None
    disposition: str = ""
    paused_until: datetime | None = None
    first_contact_at: datetime | None = None
    enquiries: int = 0

    def hear(self, event: LeadEvent) -> None:
        kind = EventKind(event.kind)
        if kind == EventKind.CLAIMED:
            assert self.owner is None, "taken although somebody has it"
            self.owner = event.by_id
        elif kind in TAKES_AWAY:
            self.owner = None
        if kind in SETS_ASIDE:
            assert self.paused_until is None, "set aside twice, and never brought back between"
            self.paused_until = datetime.fromisoformat(event.data["until"])
        elif kind in BRINGS_BACK:
            assert self.paused_until is not None, "brought back, and was not set aside"
            assert event.occurred_at <= self.paused_until
            self.paused_until = None
        if kind == EventKind.FIRST_CONTACT:
            assert self.first_contact_at is None
            self.first_contact_at = event.occurred_at
        self.enquiries += kind in ENQUIRIES
        self._hear_of_its_level(kind, event)
        self._hear_of_its_way(kind, event)

    def _hear_of_its_level(self, kind: EventKind, event: LeadEvent) -> None:
        if kind == EventKind.PLACED:
            self.level = event.data["level"]
        elif kind in {EventKind.LEVEL_RAISED, EventKind.LEVEL_LOWERED}:
            assert event.data["from"] == self.level
            self.level = event.data["to"]

    def _hear_of_its_way(self, kind: EventKind, event: LeadEvent) -> None:
        if kind == EventKind.STAGE_MOVED:
            assert event.data["from"] == self.stage
            self.stage = event.data["to"]
            if self.stage == Stage.ADMITTED:
                self.owner = None
        elif kind == EventKind.CLOSED:
            self.stage, self.disposition = Stage.CLOSED, event.data["disposition"]
        elif kind == EventKind.REOPENED:
            self.stage, self.disposition = event.data["to"], ""


def told_by(events: Iterable[LeadEvent]) -> Told:
    told = Told()
    for event in events:
        told.hear(event)
    return told


def check_row_against(lead: Lead, told: Told) -> None:
    """Check that a row says no more and no less than its timeline."""
    assert lead.owner_id == told.owner
    assert lead.stage == told.stage
    assert lead.level == told.level
    assert lead.disposition == told.disposition
    assert lead.paused_until == told.paused_until
    assert lead.first_contact_at == told.first_contact_at
