"""What becomes of a lead: how soon it is called, how far it gets, why it ends. The odds are made up."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from crm.enums import FUNNEL, ContactOutcome, Disposition, Level, Stage
from crm.models import User
from intake.demo.arrivals import is_staffed, when_staffed
from intake.demo.path import Path

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

# Minutes to the first attempt while coordinators are in: the median. Nights are slower.
FIRST_TRY = {"E1": 2.2, "E2": 5.5, "U1": 13, "U2": 30, "U3": 65, "P1": 240, "P2": 600}
ON_CALL = frozenset({Level.E1, Level.E2, Level.U1})
SPOKE_AT_TRY = (0.56, 0.4, 0.3, 0.25, 0.2, 0.15)
SPOKE_ON_CALL = (0.78, 0.6, 0.5, 0.3, 0.25, 0.2)  # whoever is in trouble sits by the phone
NO_SUCCESS = (ContactOutcome.NO_ANSWER, ContactOutcome.NO_ANSWER, ContactOutcome.LEFT_MESSAGE)

# Of those who got to the step before; days until then.
GOES_ON = {Stage.ASSESSING: 0.63, Stage.OFFERED: 0.74, Stage.BOOKED: 0.84, Stage.ADMITTED: 0.82}
TAKES = {Stage.ASSESSING: (0.3, 4), Stage.OFFERED: (0.8, 4), Stage.BOOKED: (0.3, 3), Stage.ADMITTED: (1, 9)}
EMERGENCY_GOES_ON = 0.35  # hospital comes first

# Some sources and substances convert better than others.
KEENER = {
    "newsletter": 1.12,
    "Professional referral": 1.15,
    "search-ads": 0.9,
    "ketamine": 1.06,
    "cannabis": 0.85,
}

REASONS: dict[str, dict[Disposition, float]] = {
    Stage.CONTACTED: {
        Disposition.NOT_NOW: 34,
        Disposition.CHOSE_ANOTHER: 18,
        Disposition.NO_FUNDING: 24,
        Disposition.REFERRED_ON: 16,
        Disposition.ASKED_NO_CONTACT: 8,
    },
    Stage.ASSESSING: {Disposition.NOT_SUITABLE: 34, Disposition.NO_FUNDING: 30, Disposition.NOT_NOW: 36},
    Stage.OFFERED: {Disposition.CHOSE_ANOTHER: 38, Disposition.NO_FUNDING: 36, Disposition.NOT_NOW: 26},
    Stage.BOOKED: {Disposition.NOT_NOW: 55, Disposition.CHOSE_ANOTHER: 45},
}
DESTINATIONS = ("Community drug and alcohol team", "GP", "Hospital", "Local mutual aid group")


@dataclass(frozen=True)
class Team:
    """Who works in the demo."""

    coordinators: tuple[User, ...]
    clinician: User
    zone: ZoneInfo


def travel(path: Path, team: Team) -> None:
    """Let the lead live, from its first attempt to its end or to this moment."""
    rng = path.rng
    by = rng.choice(team.coordinators)
    at = _first_try(path, team)
    if rng.random() < 0.03:
        path.close(at, by, rng.choice((Disposition.DUPLICATE, Disposition.NOT_AN_ENQUIRY)))
        return
    reached = _try_to_reach(path, team, at)
    if reached is None:
        return
    _go_on(path, team, reached)
    _keep_in_touch(path, team)


def _first_try(path: Path, team: Team) -> datetime:
    level, start = path.level, path.lead.received_at
    median = FIRST_TRY[level]
    if not is_staffed(start, team.zone):
        if level in ON_CALL:
            median *= 1.6
        else:
            start = when_staffed(start, team.zone) + path.rng.random() * 25 * MINUTE
    wait = median * math.exp(path.rng.gauss(0, 0.55)) * MINUTE
    at = start + wait
    return at if level in ON_CALL else when_staffed(at, team.zone)


def _try_to_reach(path: Path, team: Team, at: datetime) -> datetime | None:
    """Return when somebody spoke with them, or None if nobody ever did (the lead is closed then)."""
    rng = path.rng
    for chance in SPOKE_ON_CALL if path.level in ON_CALL else SPOKE_AT_TRY:
        by = rng.choice(team.coordinators)
        spoke = rng.random() < chance
        _one_try(path, at, by, ContactOutcome.SPOKE if spoke else rng.choice(NO_SUCCESS))
        if spoke:
            return at
        at = _next_try(path, team, at)
    path.close(at, by, Disposition.UNREACHABLE)
    return None


def _one_try(path: Path, at: datetime, by: User, outcome: ContactOutcome) -> None:
    path.claim(max(at - 1.5 * MINUTE, path.events[-1].occurred_at), by)
    path.contact(at, by, outcome)
    path.release(at + (2 + 9 * path.rng.random()) * MINUTE, by)


def _next_try(path: Path, team: Team, at: datetime) -> datetime:
    if path.level in ON_CALL:
        return at + FIRST_TRY[path.level] * path.rng.uniform(1, 3) * MINUTE
    hours = (0.4, 1.6) if path.level.rank < Level.P1.rank else (4, 26)
    return when_staffed(at + path.rng.uniform(*hours) * HOUR, team.zone)


def _keep_in_touch(path: Path, team: Team) -> None:
    """Give a lead that is on its way today a call within the last day; a few were forgotten."""
    at = when_staffed(path.now - path.rng.uniform(2, 21) * HOUR, team.zone)
    latest = path.events[-1].occurred_at
    if path.lead.is_open and path.lead.first_contact_at and latest < at and path.rng.random() < 0.9:
        path.contact(at, path.rng.choice(team.coordinators), ContactOutcome.SPOKE)


def _go_on(path: Path, team: Team, at: datetime) -> None:
    """Take the steps of the funnel until one is not taken; then close."""
    for stage in FUNNEL[1:]:
        by = path.rng.choice(team.coordinators)
        if path.rng.random() > _chance(path, stage):
            _close(path, by, _later(path, team, at, 1, 8))
            return
        at = _later(path, team, at, *TAKES[stage])
        if stage == Stage.OFFERED:
            path.clear_holds(at - 2 * MINUTE, team.clinician)
        path.contact(at - MINUTE, by, ContactOutcome.SPOKE)
        path.move(at, by, stage)
    path.close(_later(path, team, at, 27.9, 28.1), by, Disposition.COMPLETED_STAY)


def _chance(path: Path, stage: Stage) -> float:
    if "H-CHILD" in path.lead.holds:
        return 0.0
    first = stage == Stage.ASSESSING
    if first and path.level.is_emergency:
        return EMERGENCY_GOES_ON
    keener = KEENER.get(path.lead.source, 1) * KEENER.get(path.lead.main_substance, 1) if first else 1
    return GOES_ON[stage] * keener


def _close(path: Path, by: User, at: datetime) -> None:
    stage = path.lead.stage if path.lead.stage in REASONS else Stage.CONTACTED
    reasons = REASONS[stage]
    why = path.rng.choices(list(reasons), list(reasons.values()))[0]
    if path.level.is_emergency or "H-CHILD" in path.lead.holds:
        why = Disposition.REFERRED_ON
    path.close(at, by, why, path.rng.choice(DESTINATIONS) if why.needs_destination else "")


def _later(path: Path, team: Team, at: datetime, least: float, most: float) -> datetime:
    return when_staffed(at + path.rng.uniform(least, most) * DAY, team.zone)
