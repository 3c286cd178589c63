"""How the canary is: whether made-up enquiries come through, and since when they do not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.db.models import QuerySet

from intake.enums import CanaryStage
from intake.models import CanaryRun
from intake.remembered import remembered
from jobs.clock import database_now

# The form answers within 10 seconds, or whoever waits gives up. A lead is there at once, or the repair sweep
# makes it: 5 seconds, and 5 more until its next round. Placed and alerted within 30 seconds under any single
# fault (RELIABILITY, bounds to promise). Each counts from the form's answer, the form's own from the begin.
BOUNDS = {
    CanaryStage.FORM: timedelta(seconds=10),
    CanaryStage.LEAD: timedelta(seconds=15),
    CanaryStage.PLACED: timedelta(seconds=30),
    CanaryStage.ALERTED: timedelta(seconds=30),
}
LATE_TO_BEGIN = timedelta(seconds=90)  # a round of the sweep that sends it, and the time that one needs
GIVEN_UP_AFTER = timedelta(minutes=2)  # after its last bound, and three leases of whoever follows it
LOOKED_AT = 4  # of the latest runs: one or two under way, and two before them


@dataclass(frozen=True, slots=True)
class CanaryState:
    """`stage` and `reason` say what was missed; no stage: none was sent for too long. `seen`: any at all.

    Forms ask callers to ring while it `is_late`. It `is_alarm` when nobody could send it or none was sent,
    and else only when two in a row were late: a slow moment must wake nobody, a closed door must.
    """

    is_on: bool
    seen: bool = False
    is_late: bool = False
    stage: CanaryStage | None = None
    reason: str = ""
    is_alarm: bool = False


def canary_state(at: datetime) -> CanaryState:
    """Return how the canary is. One query."""
    if not settings.CANARY_MINUTES:
        return CanaryState(is_on=False)
    return _state_of(list(runs()[:LOOKED_AT]), at)


def runs() -> QuerySet[CanaryRun]:
    """Return every run that is kept, the latest first."""
    return CanaryRun.objects.order_by("-begun_at", "-id")


def period() -> timedelta:
    return timedelta(minutes=settings.CANARY_MINUTES)


def please_call() -> bool:
    """Return whether callers had better ring us as well, because what they send may not come through.

    Fails open: if it cannot be known, nothing is said.
    """
    if not settings.CANARY_MINUTES:
        return False
    try:
        return _is_late()
    except (DatabaseError, InterfaceError):
        return False


@remembered
def _is_late() -> bool:
    return canary_state(database_now()).is_late


def _state_of(latest: Sequence[CanaryRun], at: datetime) -> CanaryState:
    if not latest:
        return CanaryState(is_on=True)
    if at - latest[0].begun_at > period() + LATE_TO_BEGIN:
        return CanaryState(is_on=True, seen=True, is_late=True, is_alarm=True)
    ended = [(run, missed) for run in latest if (missed := _missed(run, at)) is not None]
    if not ended or not ended[0][1]:
        return CanaryState(is_on=True, seen=True)
    (run, stage), before = ended[0], ended[1:2]
    is_alarm = _was_refused(run) or any(missed for _, missed in before)
    return CanaryState(True, True, True, stage or None, run.reason, is_alarm)


def _missed(run: CanaryRun, at: datetime) -> CanaryStage | Literal[""] | None:
    """Return what it missed, "" if it came through, None while it is under way.

    One that nobody follows any more was not placed either: the same workers do both.
    """
    if run.ended_at:
        return CanaryStage(run.missed) if run.missed else ""
    if at - run.begun_at <= GIVEN_UP_AFTER:
        return None
    return CanaryStage.PLACED if run.form_at else CanaryStage.FORM


def _was_refused(run: CanaryRun) -> bool:
    """Return whether the form could not be sent at all, tried for as long as its bound is."""
    return run.missed == CanaryStage.FORM and bool(run.reason)
