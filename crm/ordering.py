"""What moves a lead inside its part of the queue, and by how much.

A lead stands in its band by when it is due. The weights move it, each by per cent of the promise of its own
level, all of them together by a quarter at most. So no weight leads out of a band, and of two people who came
at the same moment the one of the more severe level stands first, whatever the weights are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from crm.enums import Level, Queue
from crm.models.policy import MOST
from crm.promises import in_words
from crm.targets import target_minutes

MOST_REPEATS, MOST_TRIES = 3, 5  # more of them count no more
TODAY, SOON = "now", "within_72h"  # the answers to "timing" (triage/SPEC section 5)
URGENT_WAY = "urgent_way"  # not said: the urgent form stands for "today" until somebody asks

IN_A_HURRY = frozenset({TODAY, SOON, "within_2_weeks"})  # "flexible" is also what nobody was asked


@dataclass(frozen=True, slots=True)
class Weights:
    """Per cent of the level's promise: earlier for all but `tried`, which is later."""

    repeat: int = 10
    sooner: int = 15
    worse: int = 25
    today: int = 10
    soon: int = 5
    tried: int = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """What the weights look at."""

    enquiries: int = 1
    tries: int = 0
    wants_sooner: bool = False
    is_worse: bool = False
    timing: str = ""


@dataclass(frozen=True, slots=True)
class Factor:
    """One thing that moves a lead: in words, and by how much (less than none is earlier)."""

    words: str
    percent: int


def timing_of(answers: Mapping[str, Any]) -> str:
    """Return what a lead stands by: how soon they want to start, or that they came by the urgent form."""
    return URGENT_WAY if answers.get("timing_assumed") else str(answers.get("timing") or "")


def factors(standing: Standing, weights: Weights) -> list[Factor]:
    """Return whatever moves a lead, what counts most first."""
    repeats = min(standing.enquiries - 1, MOST_REPEATS)
    tries = min(standing.tries, MOST_TRIES)
    found = [
        Factor("says that it has got worse", -weights.worse * standing.is_worse),
        Factor("asks to be called sooner", -weights.sooner * standing.wants_sooner),
        Factor("enquired again", -weights.repeat * repeats),
        Factor("wants to start today", -weights.today * (standing.timing == TODAY)),
        Factor("came by the urgent form", -weights.today * (standing.timing == URGENT_WAY)),
        Factor("wants to start within 72 hours", -weights.soon * (standing.timing == SOON)),
        Factor(f"tried {_times(standing.tries)}", weights.tried * tries),
    ]
    return sorted((each for each in found if each.percent), key=lambda each: -abs(each.percent))


def percent_of(standing: Standing, weights: Weights) -> int:
    """Return by how many per cent of its promise a lead is moved, a quarter at most."""
    return max(-MOST, min(MOST, sum(factor.percent for factor in factors(standing, weights))))


def seconds_a_percent(level: Level | None) -> int:
    """Return the length of one per cent of a level's promise; a lead without a level counts as U1."""
    return target_minutes(level or Level.U1) * 60 // 100


def shift_of(level: Level | None, standing: Standing, weights: Weights) -> int:
    """Return the seconds by which a lead is moved."""
    return percent_of(standing, weights) * seconds_a_percent(level)


def furthest_shift(queue: Queue) -> timedelta:
    """Return the longest time by which weights can move a lead of a queue."""
    levels = [level for level in Level if level.queue == queue] or [Level.U1]
    return timedelta(seconds=MOST * max(seconds_a_percent(level) for level in levels))


def place_in_words(shift: int, standing: Standing, weights: Weights) -> str:
    """Return why a lead, moved by `shift` seconds, does not stand by its time alone; empty if it does."""
    why = ", ".join(factor.words for factor in factors(standing, weights))
    if not shift or not why:
        return ""
    return f"Stands {in_words(timedelta(seconds=abs(shift)))} {'earlier' if shift < 0 else 'later'}: {why}"


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")
