"""The warning before a promise is broken: at which part of it, level by level."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from crm.enums import Level
from crm.targets import target_minutes

# per cent of the promise that has run; from when the next in line hears of it (triage/SPEC section 2)
WARN_AT: dict[str, int] = {"E1": 40, "E2": 66, "U1": 66, "U2": 75, "U3": 75, "P1": 83, "P2": 83}
LEAST_WARNING, LATEST_WARNING = 10, 95


def warns_before(level: Level | None, warn_at: Mapping[str, int]) -> timedelta:
    """Return how long before it is due a lead warns; one without a level counts as U1."""
    known = level or Level.U1
    left = 100 - warn_at.get(known.value, WARN_AT[known.value])
    return timedelta(seconds=target_minutes(known) * 60 * left / 100)


def is_warning(level: Level | None, due_at: datetime, at: datetime, warn_at: Mapping[str, int]) -> bool:
    """Return whether a lead is so near its promise that it warns, or past it."""
    return due_at - at <= warns_before(level, warn_at)
