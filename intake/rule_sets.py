"""A stored rule set as the triage reads it, its cases, and what two versions differ in."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crm.enums import Level
from intake.models import RuleSet
from intake.triage.checks import shipped_cases
from intake.triage.rules import RuleSetData, read_rule_set, shipped_rule_set

FIELDS = ("reason", "condition", "level", "messages", "holds")


def rule_set_data(rule_set: RuleSet) -> RuleSetData:
    """Return the rules of a version in the shape that the triage compiles. Raises RuleSetError."""
    rules = [
        {"id": rule["rule_id"], **{field: rule[field] for field in FIELDS}}
        for rule in rule_set.rules.values("rule_id", *FIELDS)
    ]
    return read_rule_set({"version": rule_set.version, "phrases": rule_set.phrases, "rules": rules})


def data_of(rule_set: RuleSet | None) -> RuleSetData:
    """Return the rules of a version, or the shipped ones when none is stored."""
    return rule_set_data(rule_set) if rule_set else shipped_rule_set()


def cases_for(rule_set: RuleSet) -> list[dict[str, Any]]:
    """Return the stored cases with what this version expects of them."""
    wanted: Mapping[str, dict[str, Any]] = rule_set.expectations
    return [
        {**case, "expected": {**case["expected"], **wanted.get(str(case["id"]), {})}}
        for case in shipped_cases()
    ]


def digest_of(data: RuleSetData) -> str:
    """Return what two texts of the same rules share."""
    words = data.model_dump(mode="json", include={"phrases", "rules"})
    return hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of one rule between two versions: field, before and after."""

    rule_id: str
    what: str
    changes: list[tuple[str, str, str]]

    @property
    def asks_for_less(self) -> bool:
        """Return whether the rule is gone, or asks for a later call than before: its approver looks twice."""
        if self.what != "changed":
            return self.what == "removed"
        order = [*Level.values, "none"]
        levels = [(before, after) for field, before, after in self.changes if field == "level"]
        return any(order.index(after) > order.index(before) for before, after in levels)


def differences(before: RuleSetData, after: RuleSetData) -> list[Difference]:
    """Return every rule that was added, removed or changed, in the order of the later version."""
    old = {rule.id: rule.model_dump(mode="json") for rule in before.rules}
    new = {rule.id: rule.model_dump(mode="json") for rule in after.rules}
    found = [
        Difference(rule_id, "changed" if rule_id in old else "added", _changes(old.get(rule_id, {}), rule))
        for rule_id, rule in new.items()
        if old.get(rule_id) != rule
    ]
    found += [Difference(rule_id, "removed", []) for rule_id in old if rule_id not in new]
    if before.phrases != after.phrases:
        words = ("words to look for", ", ".join(before.phrases), ", ".join(after.phrases))
        found.append(Difference("", "changed", [words]))
    return found


def _changes(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [
        (field, _shown(old.get(field)), _shown(new[field]))
        for field in FIELDS
        if old.get(field) != new[field]
    ]


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(value) or "none"
    return str(value) if value else "none"
