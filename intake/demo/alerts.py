"""What became of the alerts about fictional leads: who was told, and who answered.

Every one is over and every message settled: nothing is sent, and nobody waits for an answer. Of leads that
wait for their first contact somebody has said that they have it, as recently as a real answer holds.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from crm.alert_steps import SHIPPED, Plan
from crm.enums import AlertLevel, EventKind
from crm.leases import answer_end
from crm.models import Lead, LeadEvent, User
from crm.targets import ALERTING_LEVELS
from intake.demo.arrivals import is_staffed
from intake.demo.ids import id_at
from intake.demo.journeys import MINUTE, Team
from intake.demo.path import Path
from intake.demo.rota import turn_at
from notifications.enums import Acknowledgement, EscalationEnd, MessageKind
from notifications.models import Delivery, Escalation, Message

SECOND = timedelta(seconds=1)
# Seconds until somebody answers: the median. At night it takes longer, and some sleep through the first call.
SOON, LATER, QUIET = 45, 220, 620
MEDIAN = {"E1": 35, "E2": 45, "U1": SOON, "U2": LATER, "U3": QUIET}
AT_NIGHT = 2.2
HOW = {
    Acknowledgement.DESK: 34,
    Acknowledgement.TEXT: 24,
    Acknowledgement.LINK: 20,
    Acknowledgement.PUSH: 14,
    Acknowledgement.VOICE: 8,
}
ON_DUTY = 0.85  # of those who answer; the others do it unasked
ANSWERED_BY = 0.6  # of the time until this moment: nobody waits for an answer
MOVED_ON = 2  # seconds after the lead came, as the desk writes it


@dataclass
class AlertRows:
    """The rows of one lead's alert."""

    escalations: list[Escalation] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    tries: list[Delivery] = field(default_factory=list)


@dataclass(frozen=True)
class _Answered:
    at: datetime
    by: User | None = None
    how: str = ""
    why: EscalationEnd = EscalationEnd.ACKNOWLEDGED


def past_alerts(path: Path, team: Team, rng: Random) -> Iterator[tuple[Escalation, Plan]]:
    """Yield each alert about a lead and the steps that it went by, and note the answer on its timeline."""
    for began in list(filter(_alerts, path.events)):
        answered = _answer(path, began, team, rng)
        level = AlertLevel.of(str(began.data["level"]))
        _note(path, began, answered)
        yield _escalation(path.lead, level, began, answered, rng), SHIPPED[level]


def _alerts(event: LeadEvent) -> bool:
    return event.kind == EventKind.PLACED and event.data["level"] in ALERTING_LEVELS


def _answer(path: Path, began: LeadEvent, team: Team, rng: Random) -> _Answered:
    """Return who had it first: whoever took the lead, or whoever answered before that."""
    since = [each for each in path.events if each.occurred_at >= began.occurred_at]
    taken = next((each for each in since if each.kind == EventKind.CLAIMED), None)
    soon = began.occurred_at + _wait(began, team, rng) * SECOND
    if taken and soon + 30 * SECOND >= taken.occurred_at:
        return _Answered(taken.occurred_at, taken.by, Acknowledgement.CLAIM)
    if taken is None and path.lead.closed_at:
        return _Answered(path.lead.closed_at, why=EscalationEnd.OVER)
    soon = min(soon, began.occurred_at + ANSWERED_BY * (path.now - began.occurred_at))
    if taken is None and path.lead.is_open and answer_end(path.lead, soon) <= path.now:
        soon = path.now - MINUTE  # or the alert would have begun again
    on_duty = team.coordinators[turn_at(soon.astimezone(team.zone))]
    by = on_duty if rng.random() < ON_DUTY else rng.choice((*team.coordinators, team.clinician))
    return _Answered(soon, by, rng.choices(list(HOW), list(HOW.values()))[0])


def _wait(began: LeadEvent, team: Team, rng: Random) -> float:
    night = 1 if is_staffed(began.occurred_at, team.zone) else AT_NIGHT
    return MEDIAN.get(began.data["level"], LATER) * night * math.exp(rng.gauss(0, 0.8)) + 8


def _note(path: Path, began: LeadEvent, answered: _Answered) -> None:
    if not answered.how:
        path.note(EventKind.ALERT_ENDED, answered.at, data={"why": answered.why})
        return
    seconds = round((answered.at - began.occurred_at).total_seconds())
    data = {"how": answered.how, "seconds": seconds}
    path.note(EventKind.ACKNOWLEDGED, answered.at, answered.by, data=data)


def _escalation(
    lead: Lead, level: AlertLevel, placed: LeadEvent, answered: _Answered, rng: Random
) -> Escalation:
    began = placed.occurred_at
    plan, elapsed = SHIPPED[level], (answered.at - began).total_seconds()
    reached = plan.latest_at(elapsed)
    said: dict[str, Any] = {}
    if answered.by:
        said = {"acknowledged_at": answered.at, "acknowledged_by": answered.by.pk, "how": answered.how}
    return Escalation(
        id=id_at(began, rng),
        about=lead.pk,
        site=lead.site_id,
        kind=MessageKind.URGENT_LEAD_ALERT,
        level=level,
        dedupe_key=f"demo:{placed.pk}",
        started_at=began,
        step=reached.number,
        round=reached.round,
        told_at=began + reached.after * SECOND,
        next_at=began + plan.next_after(elapsed).after * SECOND,
        red_at=began + plan.red_after * SECOND,
        ended_at=answered.at,
        ended_why=answered.why,
        **said,
    )


def steps_told(alert: Escalation, plan: Plan) -> Iterator[tuple[int, datetime]]:
    """Yield the number and moment of each step that somebody was told by."""
    for slot in plan.first_slots():
        at = alert.started_at + (slot.after + MOVED_ON) * SECOND
        if alert.ended_at is None or at < alert.ended_at or slot.number == 0:
            yield slot.number, at
