"""Time to a promise, in words that a person at night reads at a glance."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.enums import Queue
from crm.models import Lead

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Promise:
    """What is due on a lead. `tone` is the css class of components `due`: "", soon or overdue."""

    words: str
    tone: str


def promise_of(lead: Lead, at: datetime) -> Promise:
    """Return what is due next and in how long, rounded so that nobody is ever too late by it."""
    left = lead.due_at - at
    if left < timedelta():
        return Promise(f"{_act(lead, late=True)}overdue by {in_words(-left)}", "overdue")
    soon = left * 4 <= lead.due_at - lead.received_at
    act = _act(lead, late=False)
    if left < MINUTE:
        return Promise(f"{act} now", "soon")
    return Promise(f"{act} within {in_words(left)}", "soon" if soon else "")


def in_words(span: timedelta) -> str:
    """Return a span of time in its one or two largest units, rounded down."""
    if span < MINUTE:
        return "less than a minute"
    if span < HOUR:
        return _count(span // MINUTE, "minute")
    if span < 2 * DAY:
        return _two(span, HOUR, "hour", MINUTE, "minute" if span < 6 * HOUR else "")
    return _two(span, DAY, "day", HOUR, "")


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
