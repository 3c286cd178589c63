"""One lead's past, written as the desk's services write it, but without messages, jobs or a waiting clock.

Steps come in the order of time. What would happen after `now` is left out, so the lead ends in the state that
it would be in at this moment.
"""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from crm.enums import FUNNEL, Band, ContactMethod, ContactOutcome, Disposition, EventKind, Level, Stage
from crm.leases import lease_end
from crm.models import ContactAttempt, Lead, LeadEvent, Person, User
from crm.targets import FOLLOW_UP_AFTER
from intake.demo.ids import id_at

TWO_WAY = frozenset({ContactOutcome.SPOKE, ContactOutcome.REPLIED, ContactOutcome.ASKED_TO_CALL_LATER})

CLEARED = "Spoke about it on the call; cleared."


class Path:
    """The lead, its events and its contact attempts, as far as `now`."""

    def __init__(self, lead: Lead, *, now: datetime, rng: Random) -> None:
        self.lead, self.now, self.rng = lead, now, rng
        self.events: list[LeadEvent] = []
        self.attempts: list[ContactAttempt] = []

    @property
    def level(self) -> Level:
        return Level(self.lead.level or Level.U1)

    def has_come(self, at: datetime) -> bool:
        return at <= self.now

    def note(self, kind: EventKind, at: datetime, by: User | None = None, **more: Any) -> None:
        """Put an event on the timeline, unless it lies in the future. `more`: data, note."""
        if self.has_come(at):
            pk = id_at(at, self.rng, len(self.events))
            self.events.append(LeadEvent(id=pk, lead=self.lead, kind=kind, occurred_at=at, by=by, **more))

    def claim(self, at: datetime, by: User) -> None:
        if self.has_come(at):
            self.lead.owner, self.lead.claimed_at = by, at
            self.lead.lease_until = lease_end(self.lead, at)
            self.note(EventKind.CLAIMED, at, by)

    def release(self, at: datetime, by: User) -> None:
        if self.has_come(at):
            self._free()
            self.note(EventKind.RELEASED, at, by)

    def contact(self, at: datetime, by: User, outcome: ContactOutcome, words: str = "") -> None:
        """Log a try at the caller, by a way that they called safe."""
        if not self.has_come(at):
            return
        attempt = self._attempt(at, by, outcome, words)
        self.lead.attempt_count += 1
        if self.lead.owner == by:
            self.lead.lease_until = lease_end(self.lead, at)
        self.note(EventKind.CONTACT_ATTEMPTED, at, by, data=_facts(attempt))
        if attempt.two_way:
            self._two_way(at, by)

    def move(self, at: datetime, by: User, to: Stage) -> None:
        if self.has_come(at):
            self.note(EventKind.STAGE_MOVED, at, by, data={"from": self.lead.stage, "to": to})
            self.lead.stage, self.lead.furthest_step = to, FUNNEL.index(to) + 1
            if to == Stage.ADMITTED:
                self._free()

    def clear_holds(self, at: datetime, by: User) -> None:
        """Let a clinician take every hold off, one note each."""
        if not self.has_come(at):
            return
        for hold in self.lead.holds:
            self.note(EventKind.NOTE_ADDED, at, by, data={"hold_cleared": hold}, note=CLEARED)
        if "H-CONSENT" in self.lead.holds:
            self.lead.patient.no_contact = False
        self.lead.holds = []

    def close(self, at: datetime, by: User, why: Disposition, destination: str = "") -> None:
        if not self.has_come(at):
            return
        self.note(EventKind.CLOSED, at, by, data={"from": self.lead.stage, "disposition": why})
        self._free()
        self.lead.stage, self.lead.closed_at = Stage.CLOSED, at
        self.lead.disposition, self.lead.destination = why, destination

    def _attempt(self, at: datetime, by: User, outcome: ContactOutcome, words: str) -> ContactAttempt:
        attempt = ContactAttempt(
            id=id_at(at, self.rng, len(self.attempts)),
            lead=self.lead,
            person=self.lead.caller,
            by=by,
            method=_way(self.lead.caller),
            outcome=outcome,
            two_way=outcome in TWO_WAY,
            note=words,
            attempted_at=at,
        )
        self.attempts.append(attempt)
        return attempt

    def _two_way(self, at: datetime, by: User) -> None:
        if self.lead.first_contact_at is None:
            self.lead.first_contact_at = at
            minutes = round((at - self.lead.received_at) / timedelta(minutes=1), 2)
            facts = {"minutes": minutes, "within_target": at <= self.lead.respond_by}
            self.note(EventKind.FIRST_CONTACT, at, by, data=facts)
        if self.lead.stage == Stage.NEW:
            self.move(at, by, Stage.CONTACTED)
        self.lead.due_at, self.lead.band = at + FOLLOW_UP_AFTER, Band.FOLLOW_UP

    def _free(self) -> None:
        self.lead.owner = self.lead.claimed_at = self.lead.lease_until = None


def _facts(attempt: ContactAttempt) -> dict[str, Any]:
    facts = {"attempt": str(attempt.pk), "method": attempt.method, "outcome": attempt.outcome}
    return facts | {"two_way": attempt.two_way, "rules_set_aside": False}


def _way(person: Person) -> ContactMethod:
    """Return a way of contact that is safe for the person; the demo never sets a rule aside."""
    ways = (ContactMethod.CALL, ContactMethod.TEXT, ContactMethod.EMAIL)
    return next((way for way in ways if person.allows(way)), ContactMethod.VISIT)
