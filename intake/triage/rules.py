"""Rules as versioned data: read, checked for shape, and compiled once.

The shipped YAML file and a rule set from the database become the same RuleSetData, so both compile alike.
"""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

import cel
import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from crm.enums import Level
from intake.enums import Hold
from intake.triage.engine import CompiledRule, CompiledRuleSet
from intake.triage.facts import plain

SHIPPED_FILE = Path(__file__).with_name("default_rules.yaml")


class RuleSetError(ValueError):
    """The rule set is not well formed. The message names the rule."""


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RuleData(_Data):
    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,50}$")]
    reason: Annotated[str, Field(min_length=1)]
    condition: Annotated[str, Field(min_length=1, max_length=2_000)]
    level: Annotated[Level | None, BeforeValidator(lambda value: None if value in ("", "none") else value)]
    messages: tuple[str, ...] = ()
    holds: tuple[Hold, ...] = ()


class RuleSetData(_Data):
    """One version of all rules, in display order."""

    version: str
    owner: str = ""
    approver: str | None = None
    effective_date: date | None = None
    review_date: date | None = None
    phrases: tuple[Annotated[str, Field(min_length=1)], ...]
    rules: tuple[RuleData, ...]

    @field_validator("rules")
    @classmethod
    def _ids_once(cls, rules: tuple[RuleData, ...]) -> tuple[RuleData, ...]:
        ids = [rule.id for rule in rules]
        if twice := sorted({each for each in ids if ids.count(each) > 1}):
            raise ValueError(f"used twice: {', '.join(twice)}")
        return rules


def read_rule_set(plain_values: dict[str, Any]) -> RuleSetData:
    """Return the rule set from plain values, as YAML or database rows give them. Raises RuleSetError."""
    try:
        return RuleSetData.model_validate(plain_values)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=False)
        raise RuleSetError("; ".join(f"{_place(each['loc'])}: {each['msg']}" for each in problems)) from None


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "rule set"


@lru_cache(maxsize=1)
def shipped_rule_set() -> RuleSetData:
    """Return the rule set that ships with the code."""
    return read_rule_set(yaml.safe_load(SHIPPED_FILE.read_text(encoding="utf-8")))


@lru_cache(maxsize=1)
def shipped_rules() -> CompiledRuleSet:
    """Return the shipped rule set, compiled."""
    return compile_rule_set(shipped_rule_set())


def compile_rule_set(data: RuleSetData) -> CompiledRuleSet:
    """Compile every condition once. Raises RuleSetError naming the rule whose condition is not CEL."""
    return CompiledRuleSet(
        version=data.version,
        rules=tuple(_compiled(rule) for rule in data.rules),
        phrases=tuple(plain(phrase) for phrase in data.phrases),
    )


def _compiled(rule: RuleData) -> CompiledRule:
    try:
        program = cel.compile(rule.condition)
    except ValueError as error:
        raise RuleSetError(f"{rule.id}: {error}") from error
    looks_back = not {"fired", "asked"}.isdisjoint(program.variables())
    return CompiledRule(rule.id, rule.reason, rule.level, rule.messages, rule.holds, program, looks_back)
