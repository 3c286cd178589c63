"""Time to a promise, in words that a person at night reads at a glance."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.clocks import WARN_AT, warns_before
from crm.enums import Level, PauseKind, PauseReason, Queue
from crm.models import Lead
from crm.targets import REVIEW_WITHIN

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Promise:
    """What is due on a lead. `tone` is the css class of components `due`: "", soon or overdue."""

    words: str
    tone: str


def promise_of(lead: Lead, at: datetime, warn_at: Mapping[str, int] = WARN_AT) -> Promise:
    """Return what is due next and in how long, rounded so that nobody is ever too late by it.

    `warn_at` is the per cent of each level's promise from which on it is "soon". A clock that is stopped
    names no time: it stands still.
    """
    if lead.pause == PauseKind.CLOCK and lead.paused_until and lead.paused_until > at:
        return Promise("clock stopped", "")
    left = lead.due_at - at
    if left < timedelta():
        return Promise(f"{_act(lead, late=True)}overdue by {in_words(-left)}", "overdue")
    soon = left <= _warning(lead, warn_at)
    act = _act(lead, late=False)
    if left < MINUTE:
        return Promise(f"{act} now", "soon")
    return Promise(f"{act} within {in_words(left)}", "soon" if soon else "")


def aside_in_words(lead: Lead, at: datetime) -> str:
    """Return how long a lead is set aside, and why; empty for one that is not."""
    if not lead.paused_until or lead.paused_until <= at:
        return ""
    until = lead.paused_until - at
    reason = PauseReason(lead.pause_reason).label
    return f"{PauseKind(lead.pause).label}, back in {in_words(until)}: {reason[:1].lower()}{reason[1:]}"


def in_words(span: timedelta) -> str:
    """Return a span of time in its one or two largest units, rounded down."""
    if span < MINUTE:
        return "less than a minute"
    if span < HOUR:
        return _count(span // MINUTE, "minute")
    if span < 2 * DAY:
        return _two(span, HOUR, "hour", MINUTE, "minute" if span < 6 * HOUR else "")
    return _two(span, DAY, "day", HOUR, "")


def _warning(lead: Lead, warn_at: Mapping[str, int]) -> timedelta:
    if lead.queue == Queue.REVIEW:
        return REVIEW_WITHIN / 4
    return warns_before(Level(lead.level) if lead.level else None, warn_at)


def _act(lead: Lead, *, late: bool) -> str:
    if lead.queue == Queue.REVIEW:
        return "review " if late else "read"
    if lead.first_contact_at:
        return "follow-up " if late else "follow up"
    return "" if late else "call"


def _two(span: timedelta, large: timedelta, name: str, small: timedelta, small_name: str) -> str:
    rest = (span % large) // small
    words = _count(span // large, name)
    return f"{words} {_count(rest, small_name)}" if small_name and rest else words


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
