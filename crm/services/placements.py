"""Writing down a routing decision. The rules raise; only people lower (crm.services.levels)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.calling import call_by
from crm.enums import EventKind, Level, Queue, Stage, most_severe, raised_once
from crm.models import Lead, LeadEvent, Placement
from crm.ordering import timing_of
from crm.selectors.opening import opening_hours
from crm.services.alerts import alert_staff
from crm.services.bringing_back import bring_back
from crm.services.first_response import hold_to
from crm.services.locking import locked
from crm.services.ordering import stand_anew
from crm.services.pulse import touch_queues
from crm.services.queues import shorten_lease
from crm.services.stages import reopen_lead
from crm.targets import ALERTING_LEVELS

CLOSED_MEANWHILE = "They enquired again just before the lead was closed."
MORE_SINCE = "They told us more after the lead was closed."


@dataclass(frozen=True, slots=True)
class Decision:
    """What the rules said of one enquiry. `key` names the decision: the same key is written down once.

    One that `is_addition` is about all that a caller has said by then; `said_now` are the ids of the rules
    that what they said this time is enough for.
    """

    key: str
    level: Level
    rules: list[dict[str, str]]
    holds: list[str]
    answers: dict[str, Any]
    rule_set_version: str
    received_at: datetime
    is_repeat: bool = False
    is_addition: bool = False
    said_now: frozenset[str] = frozenset()


@transaction.atomic
def record_placement(*, lead: Lead, decision: Decision, at: datetime) -> Lead:
    """Place the lead as the rules say, or leave it higher if it already is; alert staff where the level asks.

    Safe to run twice. A lead in review, or one that is over, gets the decision in its history and stays put;
    but one that was closed is opened again by what came since: nobody has read that. An emergency does not
    wait in review. What the rules say of a lead that was merged goes to the lead that it went into.
    """
    lead = locked(lead)
    if Placement.objects.filter(decision_key=decision.key).exists():
        return lead
    lead = _open_again(lead, decision, at)
    before = Level(lead.level) if lead.level else None
    news = _news(lead, decision)
    placement = _write(lead, decision, _resulting_level(before, decision, news), at)
    if lead.is_open and (lead.queue != Queue.REVIEW or decision.level.is_emergency):
        _move(lead, placement, decision, at)
        _raise_the_alarm(lead, before, decision, news, at)
    return lead


def _open_again(lead: Lead, decision: Decision, at: datetime) -> Lead:
    if lead.stage != Stage.CLOSED or not (decision.is_repeat or decision.is_addition):
        return lead
    reason = MORE_SINCE if decision.is_addition else CLOSED_MEANWHILE
    return reopen_lead(lead=lead, by=None, reason=reason, at=at)


def _news(lead: Lead, decision: Decision) -> list[Level]:
    """Return the levels that are asked for anew: all of an enquiry's, and of an addition what it brought.

    The rest of an addition was said before, and a person may have judged it since.
    """
    if not decision.is_addition:
        return [decision.level]
    earlier = Placement.objects.filter(lead=lead).values_list("rules", flat=True)
    known = {rule["id"] for rules in earlier for rule in rules} - decision.said_now
    return [Level(rule["level"]) for rule in decision.rules if rule["level"] and rule["id"] not in known]


def _resulting_level(before: Level | None, decision: Decision, news: list[Level]) -> Level:
    """Never lower than before; a repeat enquiry is a signal of its own and raises one level."""
    if before is None:
        return raised_once(decision.level) if decision.is_repeat else decision.level
    repeat = [raised_once(before)] if decision.is_repeat else []
    return most_severe(before, *news, *repeat)


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
    bring_back(lead, at)
    level = Level(placement.level)
    lead.timing = timing_of(decision.answers) or lead.timing
    lead.level, lead.queue = level, level.queue
    lead.band = level.band
    lead.holds = sorted({*lead.holds, *decision.holds})
    promise = call_by(level, decision.received_at, opening_hours(lead.site))
    unplaced = lead.placed_at is None
    hold_to(lead, promise)
    lead.due_at = lead.respond_by if unplaced else min(lead.due_at, promise)
    lead.placed_at = lead.placed_at or at
    lead.review_reason = ""
    shorten_lease(lead, at)
    lead.save()
    stand_anew(lead)
    _note(lead, EventKind.PLACED, placement, at)
    touch_queues()


def _raise_the_alarm(
    lead: Lead, before: Level | None, decision: Decision, news: list[Level], at: datetime
) -> None:
    """Alert on every new enquiry that stands at E1 to U3, and say so when it overrides a person's choice.

    An addition alerts if what it brought asks for such a level: eight calm answers are no eight alerts.
    """
    level = Level(lead.level or decision.level)
    if before and level.rank < before.rank and _a_person_lowered(lead):
        LeadEvent.objects.create(
            lead=lead, kind=EventKind.MORE_SEVERE, occurred_at=at, data={"from": before, "to": level}
        )
    if level in ALERTING_LEVELS and (not decision.is_addition or ALERTING_LEVELS.intersection(news)):
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
