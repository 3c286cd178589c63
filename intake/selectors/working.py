"""What the page "Is it working?" shows: what the auditor found, and how the canary has fared for a day."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from statistics import median
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.timezone import localtime

from intake.enums import AuditCheck, CanaryStage
from intake.models import Audit, CanaryRun
from intake.selectors.audit import JUST_STARTED, latest_audits
from intake.selectors.canary import CanaryState, canary_state, runs

SHOWN = timedelta(hours=24)
HOUR = timedelta(hours=1)
MOST_ROWS = 50


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that is wrong, in words. `since`: when the oldest of them began to wait."""

    label: str
    count: int
    since: datetime
    what: str

    @classmethod
    def of(cls, failure: dict[str, Any], at: datetime) -> "Found":
        since = at - timedelta(seconds=failure["seconds"])
        what = str(CanaryStage(failure["what"]).label) if failure["what"] in CanaryStage else failure["what"]
        return cls(_check_in_words(failure["check"]), failure["count"], since, what)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the auditor says. `since`: since when it fails; `is_silent`: it has asked nothing for minutes."""

    audit: Audit | None
    found: list[Found]
    since: datetime | None
    is_silent: bool

    @property
    def is_well(self) -> bool:
        return self.audit is not None and self.audit.passed and not self.is_silent


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Whether there is one outside, when it took the latest ping, and what it said since if it takes none."""

    is_set_up: bool
    taken_at: datetime | None
    error: str


@dataclass(slots=True)
class Hour:
    begins_at: datetime
    came: int = 0
    missed: int = 0

    @property
    def state(self) -> str:
        return "missed" if self.missed else "came" if self.came else "none"


@dataclass(frozen=True, slots=True)
class Outage:
    """Canaries or audits that failed one after the other, for the same reasons; still so without `until`."""

    since: datetime
    until: datetime | None
    count: int
    what: list[str]
    reasons: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of a run, and the seconds from its begin until it was there; None: it did not come so far."""

    label: str
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Flights:
    """The canary: how it is, a day of it, and the latest one stage by stage."""

    state: CanaryState
    hours: list[Hour]
    came: int
    missed: int
    usual_seconds: float | None
    latest: CanaryRun | None
    steps: list[Step]
    outages: list[Outage]


def verdict(at: datetime) -> Verdict:
    audit = latest_audits().first()
    if audit is None:
        return Verdict(None, [], None, is_silent=True)
    found = [Found.of(each, audit.at) for each in audit.failures]
    return Verdict(audit, found, _failing_since(audit), is_silent=at - audit.at > JUST_STARTED)


def heartbeat() -> Heartbeat:
    taken = latest_audits().filter(pinged_at__isnull=False).values_list("pinged_at", flat=True).first()
    asked = latest_audits().filter(~Q(pinged_at=None) | ~Q(ping_error=""))
    return Heartbeat(
        bool(settings.HEARTBEAT_URL), taken, asked.values_list("ping_error", flat=True).first() or ""
    )


def failed_audits(at: datetime) -> list[Outage]:
    """Return what the auditor found in a day, the latest first: one row for what lasted."""
    day = list(latest_audits().filter(at__gt=at - SHOWN).values_list("at", "failures"))
    runs_of = groupby(reversed(day), key=lambda row: tuple(each["check"] for each in row[1]))
    stretches = [(checks, [moment for moment, _ in rows]) for checks, rows in runs_of]
    return [
        Outage(moments[0], _next(stretches, place), len(moments), [_check_in_words(each) for each in checks])
        for place, (checks, moments) in reversed(list(enumerate(stretches)))
        if checks
    ][:MOST_ROWS]


def flights(at: datetime) -> Flights:
    """Return a day of the canary."""
    day = list(runs().filter(begun_at__gt=at - SHOWN))
    ended = [run for run in day if run.ended_at]
    latest = ended[0] if ended else None
    return Flights(
        state=canary_state(at),
        hours=_hours(ended, at),
        came=sum(run.came_through for run in ended),
        missed=sum(not run.came_through for run in ended),
        usual_seconds=_usual(ended),
        latest=latest,
        steps=_steps(latest) if latest else [],
        outages=_outages(ended)[:MOST_ROWS],
    )


def _check_in_words(check: str) -> str:
    """Return what was asked; what only another release asks, by its name there."""
    return str(AuditCheck(check).label) if check in AuditCheck else f"A check of another release ({check})"


def _failing_since(audit: Audit) -> datetime | None:
    if audit.passed:
        return None
    passed = latest_audits().filter(passed=True).values_list("at", flat=True).first()
    failing = latest_audits().filter(passed=False)
    return (failing.filter(at__gt=passed) if passed else failing).values_list("at", flat=True).last()


def _next(stretches: Sequence[tuple[Any, list[datetime]]], place: int) -> datetime | None:
    """Return when the next stretch begins, which is when this one is known to be over."""
    return stretches[place + 1][1][0] if place + 1 < len(stretches) else None


def _hours(ended: Iterable[CanaryRun], at: datetime) -> list[Hour]:
    """Return the hours of a day, the present one last."""
    first = localtime(at).replace(minute=0, second=0, microsecond=0) - SHOWN + HOUR
    hours = [Hour(first + place * HOUR) for place in range(SHOWN // HOUR)]
    for run in ended:
        place = (run.begun_at - first) // HOUR
        if place >= 0:
            hours[place].came += run.came_through
            hours[place].missed += not run.came_through
    return hours


def _usual(ended: Iterable[CanaryRun]) -> float | None:
    took = [
        (run.alerted_at - run.begun_at).total_seconds()
        for run in ended
        if run.came_through and run.alerted_at
    ]
    return round(median(took), 1) if took else None


def _steps(run: CanaryRun) -> list[Step]:
    """Return the stages with their times, which never fall.

    The form's answer comes when the lead is there already: the form had been taken by then at the latest.
    """
    steps: list[Step] = []
    by = None
    for stage in reversed(CanaryStage):
        at = run.at_stage(stage)
        by = min(at, by) if at and by else at or by
        steps.append(Step(str(stage.label), _seconds(run, by if at else None)))
    return steps[::-1]


def _seconds(run: CanaryRun, at: datetime | None) -> float | None:
    return round((at - run.begun_at).total_seconds(), 1) if at else None


def _outages(ended: Sequence[CanaryRun]) -> list[Outage]:
    """Return the misses, the latest first: those that followed each other are one."""
    return list(_in_rows(ended))[::-1]


def _in_rows(ended: Sequence[CanaryRun]) -> Iterator[Outage]:
    stretches = [(ok, list(rows)) for ok, rows in groupby(reversed(ended), key=lambda run: run.came_through)]
    for place, (came, rows) in enumerate(stretches):
        if came:
            continue
        until = stretches[place + 1][1][0].begun_at if place + 1 < len(stretches) else None
        stages = Counter(str(CanaryStage(run.missed).label) for run in rows)
        reasons = sorted({run.reason for run in rows if run.reason})
        yield Outage(rows[0].begun_at, until, len(rows), list(stages), reasons)
