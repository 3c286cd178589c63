"""Writing down a routing decision. The rules raise; only people lower (crm.services.levels)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.enums import EventKind, Level, Queue, Stage, most_severe, raised_once
from crm.models import Lead, LeadEvent, Placement
from crm.services.alerts import alert_staff
from crm.services.pulse import touch_queues
from crm.services.stages import reopen_lead
from crm.targets import ALERTING_LEVELS, respond_by

CLOSED_MEANWHILE = "They enquired again just before the lead was closed."


@dataclass(frozen=True, slots=True)
class Decision:
    """What the rules said of one enquiry. `key` names the decision: the same key is written down once."""

    key: str
    level: Level
    rules: list[dict[str, str]]
    holds: list[str]
    answers: dict[str, Any]
    rule_set_version: str
    received_at: datetime
    is_repeat: bool = False


@transaction.atomic
def record_placement(*, lead: Lead, decision: Decision, at: datetime) -> Lead:
    """Place the lead as the rules say, or leave it higher if it already is; alert staff where the level asks.

    Safe to run twice. A lead in review, or one that is over, gets the decision in its history and stays put;
    but one that was closed while a repeat enquiry was on its way is opened again: nobody has read that one.
    """
    lead = Lead.objects.select_for_update().get(pk=lead.pk)
    if Placement.objects.filter(decision_key=decision.key).exists():
        return lead
    if decision.is_repeat and lead.stage == Stage.CLOSED:
        lead = reopen_lead(lead=lead, by=None, reason=CLOSED_MEANWHILE, at=at)
    before = Level(lead.level) if lead.level else None
    level = _resulting_level(before, decision)
    placement = _write(lead, decision, level, at)
    if lead.queue != Queue.REVIEW and lead.is_open:
        _move(lead, placement, decision, at)
        _raise_the_alarm(lead, before, decision, at)
    return lead


def _resulting_level(before: Level | None, decision: Decision) -> Level:
    """Never lower than before; a repeat enquiry is a signal of its own and raises one level."""
    levels = [decision.level, *([before] if before else [])]
    if decision.is_repeat:
        levels.append(raised_once(before or decision.level))
    return most_severe(*levels)


def _write(lead: Lead, decision: Decision, level: Level, at: datetime) -> Placement:
    return Placement.objects.create(
        lead=lead,
        decision_key=decision.key,
        rule_set_version=decision.rule_set_version,
        answers=decision.answers,
        rules=decision.rules,
        decided_level=decision.level,
        level=level,
        queue=level.queue,
        holds=decision.holds,
        decided_at=at,
    )


def _move(lead: Lead, placement: Placement, decision: Decision, at: datetime) -> None:
    level = Level(placement.level)
    lead.level, lead.queue = level, level.queue
    lead.band = level.band
    lead.holds = sorted({*lead.holds, *decision.holds})
    promise = respond_by(level, decision.received_at)
    unplaced = lead.placed_at is None
    lead.respond_by = min(lead.respond_by, promise)
    lead.due_at = lead.respond_by if unplaced else min(lead.due_at, promise)
    lead.placed_at = lead.placed_at or at
    lead.save()
    _note(lead, EventKind.PLACED, placement, at)
    touch_queues()


def _raise_the_alarm(lead: Lead, before: Level | None, decision: Decision, at: datetime) -> None:
    """Alert on every new enquiry that stands at E1 to U2, and say so when it overrides a person's choice."""
    level = Level(lead.level or decision.level)
    if before and level.rank < before.rank and _a_person_lowered(lead):
        LeadEvent.objects.create(
            lead=lead, kind=EventKind.MORE_SEVERE, occurred_at=at, data={"from": before, "to": level}
        )
    if level in ALERTING_LEVELS:
        alert_staff(lead=lead, key=decision.key, at=at)


def _a_person_lowered(lead: Lead) -> bool:
    return LeadEvent.objects.filter(lead=lead, kind=EventKind.LEVEL_LOWERED).exists()


def _note(lead: Lead, kind: EventKind, placement: Placement, at: datetime) -> None:
    LeadEvent.objects.create(
        lead=lead,
        kind=kind,
        occurred_at=at,
        data={
            "level": placement.level,
            "queue": placement.queue,
            "rules": [rule["id"] for rule in placement.rules],
            "holds": placement.holds,
        },
    )
