"""The pure core: (rule set, answers) → where the lead goes, why, and what the caller is told.

An administrative prioritisation: it decides whom a person calls first, and never accepts, declines or closes
anybody. A rule can only raise a level. The request and the placing task call the same function and so agree.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import cel

from crm.enums import Level, Queue, most_severe
from crm.targets import target_minutes
from intake.enums import Hold, Outcome, SubstanceName
from intake.triage.answers import Answers
from intake.triage.facts import BENZO, OPIOID, facts_of

T = TypeVar("T")

STATIC_MESSAGES = ("S999", "S111")
LAST_MESSAGE = "MSTD"
# Delirium needs an ambulance: whatever else was ticked, it must not be sent to a mental-health line.
NEVER_TOLD_WITH = {"emergency-delirium": frozenset({"MPSY"})}
NAMED_SUBSTANCE_MESSAGES: tuple[tuple[str, frozenset[SubstanceName]], ...] = (
    ("MALC", frozenset({SubstanceName.ALCOHOL})),
    ("MSED", frozenset({*BENZO, SubstanceName.GABAPENTINOID})),
    ("MGHB", frozenset({SubstanceName.GHB_GBL})),
    ("MOPI", frozenset(OPIOID)),
)


class RuleFailed(Exception):
    """A condition could not be evaluated, or no rule asked for a level: the lead stays unrouted: urgent."""


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule ready to run. `looks_back`: its condition asks what the rules above it did."""

    id: str
    reason: str
    level: Level | None
    messages: tuple[str, ...]
    holds: tuple[Hold, ...]
    program: cel.Program
    looks_back: bool


@dataclass(frozen=True, slots=True)
class CompiledRuleSet:
    """A rule set ready to run: conditions compiled once, rules in display order."""

    version: str
    rules: tuple[CompiledRule, ...]
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FiredRule:
    id: str
    reason: str
    level: Level | None


@dataclass(frozen=True, slots=True)
class Triage:
    """One routing decision and its reasons. `messages` are keys, what matters most first."""

    level: Level
    queue: Queue
    outcome: Outcome
    rules: tuple[FiredRule, ...]
    holds: tuple[Hold, ...]
    messages: tuple[str, ...]
    rule_set_version: str

    def to_dict(self) -> dict[str, Any]:
        """Return the result as the command line and the API show it (triage/SPEC section 5)."""
        return {
            "outcome": self.outcome.value,
            "queue": self.queue.value.lower(),
            "level": self.level.value,
            "target_minutes": target_minutes(self.level),
            "rules": [rule.id for rule in self.rules],
            "holds": [hold.value for hold in self.holds],
            "messages": list(self.messages),
        }


def triage(rule_set: CompiledRuleSet, answers: Answers, *, personalised: bool = True) -> Triage:
    """Return the most severe level that any rule asks for, with every rule that fired.

    Without `personalised` the messages are the static emergency text; the routing is the same.
    Raises RuleFailed.
    """
    fired = _fired_rules(rule_set, answers)
    asked = [rule.level for rule in fired if rule.level]
    if not asked:
        raise RuleFailed(f"no rule of {rule_set.version} asks for a level")
    level = most_severe(*asked)
    return Triage(
        level=level,
        queue=level.queue,
        outcome=outcome_of(level),
        rules=tuple(FiredRule(rule.id, rule.reason, rule.level) for rule in fired),
        holds=_once(hold for rule in fired for hold in rule.holds),
        messages=_told(fired, answers) if personalised else STATIC_MESSAGES,
        rule_set_version=rule_set.version,
    )


def outcome_of(level: Level) -> Outcome:
    if level.is_emergency:
        return Outcome.EMERGENCY_SIGNPOST
    return Outcome.PREBOOKED if level.queue == Queue.PREBOOKED else Outcome.URGENT


def _fired_rules(rule_set: CompiledRuleSet, answers: Answers) -> list[CompiledRule]:
    context = cel.Context(
        facts_of(answers, phrases=rule_set.phrases)
    )  # one for all: six times faster than dicts
    fired: list[CompiledRule] = []
    for rule in rule_set.rules:
        if rule.looks_back:
            context.add_variable("fired", [each.id for each in fired])
            context.add_variable("asked", [each.level.value for each in fired if each.level])
        if _holds(rule, context):
            fired.append(rule)
    return fired


def _holds(rule: CompiledRule, context: cel.Context) -> bool:
    try:
        held = rule.program.execute(context)
    except (KeyError, RuntimeError, TypeError, ValueError) as error:
        raise RuleFailed(f"{rule.id}: {type(error).__name__}") from error
    if not isinstance(held, bool):
        raise RuleFailed(f"{rule.id}: the condition is not true or false")
    return held


def _told(fired: list[CompiledRule], answers: Answers) -> tuple[str, ...]:
    """Return message keys in display order, then those for substances named, and the closing words last."""
    named = {substance.name for substance in answers.substances}
    told = [key for rule in fired for key in rule.messages]
    told += [key for key, names in NAMED_SUBSTANCE_MESSAGES if names & named]
    never = {key for rule in fired for key in NEVER_TOLD_WITH.get(rule.id, ())}
    kept = [key for key in told if key not in never]
    return _once(sorted(kept, key=lambda key: key == LAST_MESSAGE))


def _once(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))
