"""The reasons of a placement as they are shown: each with the level that its rule asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crm.enums import Level


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that fired, in plain English. No level: it only adds advice or a hold."""

    words: str
    level: Level | None


def most_urgent_first(rules: Sequence[dict[str, Any]]) -> list[Reason]:
    """Return a placement's rules, most urgent first; within a level they keep their order."""
    reasons = [Reason(rule["reason"], Level(rule["level"]) if rule.get("level") else None) for rule in rules]
    return sorted(reasons, key=lambda reason: reason.level.rank if reason.level else len(Level))
