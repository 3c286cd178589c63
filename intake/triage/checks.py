"""What a rule set must pass to be published: its stored cases, and that no sign ever lowers a level."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

import cel

from intake.triage.answers import Answers, AnswersError, parse_answers
from intake.triage.engine import CompiledRuleSet, RuleFailed, triage
from intake.triage.facts import NAMES
from intake.triage.messages import shipped_keys
from intake.triage.rules import RuleData, RuleSetData, RuleSetError, compile_rule_set
from intake.triage.samples import SIGNS, random_answers, single_sign_answers

SHIPPED_CASES = Path(__file__).with_name("default_cases.jsonl")
_BOUND_NAME = re.compile(r"\.(?:all|exists|exists_one|filter|map)\(\s*(\w+)\s*,")


@lru_cache(maxsize=1)
def shipped_cases() -> tuple[dict[str, Any], ...]:
    """Return the worked cases that ship: {"id", "title", "input", "expected"}."""
    return tuple(json.loads(line) for line in SHIPPED_CASES.read_text(encoding="utf-8").splitlines())


@lru_cache(maxsize=1)
def problems_with_shipped_cases(data: RuleSetData) -> tuple[str, ...]:
    """Check a rule set with the cases that ship; the same one is checked once a process."""
    return tuple(check_rule_set(data, shipped_cases()))


def check_rule_set(data: RuleSetData, cases: Sequence[Mapping[str, Any]], *, samples: int = 40) -> list[str]:
    """Return every reason not to publish this rule set, in plain English; none: it may be published.

    The cases are triaged and compared. Then each case, every single sign and so many random answers, always
    the same ones, get one symptom, history, situation or medical item more, which must never lower the level.
    """
    try:
        rule_set = compile_rule_set(data)
    except RuleSetError as error:
        return [str(error)]
    problems = [problem for rule in data.rules for problem in _rule_problems(rule)]
    problems += [problem for case in cases for problem in _case_problems(rule_set, case)]
    starts = [*_readable(cases), Answers(), *single_sign_answers(), *random_answers(samples)]
    problems += [problem for start in starts for problem in lowered_by_a_sign(rule_set, start)]
    return list(dict.fromkeys(problems))


def _rule_problems(rule: RuleData) -> Iterator[str]:
    names = set(cel.compile(rule.condition).variables())
    if unknown := names - NAMES - set(_BOUND_NAME.findall(rule.condition)):
        yield f"{rule.id}: the condition uses names that do not exist: {', '.join(sorted(unknown))}."
    if unknown := set(rule.messages) - shipped_keys():
        yield f"{rule.id}: no text for {', '.join(sorted(unknown))}."


def _case_problems(rule_set: CompiledRuleSet, case: Mapping[str, Any]) -> Iterator[str]:
    try:
        found = triage(rule_set, parse_answers(case["input"])).to_dict()
    except (AnswersError, RuleFailed) as error:
        yield f"Case {case['id']}: {error}."
        return
    for key, expected in case["expected"].items():
        if _comparable(found[key]) != _comparable(expected):
            yield f"Case {case['id']}: {key} is {found[key]}, expected {expected}."


def _comparable(value: object) -> object:
    """Rules and holds compare as sets: their order is for display."""
    return sorted(value) if isinstance(value, list) else value


def _readable(cases: Sequence[Mapping[str, Any]]) -> Iterator[Answers]:
    for case in cases:
        with suppress(AnswersError):  # told by _case_problems
            yield parse_answers(case["input"])


def lowered_by_a_sign(rule_set: CompiledRuleSet, answers: Answers) -> Iterator[str]:
    """Yield a problem for each symptom, history, situation or medical item that lowers the level."""
    try:
        before = triage(rule_set, answers).level
        for group, sign, more in _with_one_sign_more(answers):
            after = triage(rule_set, more).level
            if after.rank > before.rank:
                yield f"Adding {group} {sign} lowers {before} to {after}."
    except RuleFailed as error:
        yield f"{error}."


def _with_one_sign_more(answers: Answers) -> Iterator[tuple[str, str, Answers]]:
    given = answers.to_dict()
    for group, signs in SIGNS.items():
        for sign in signs:
            if sign not in given[group]:
                yield group, sign, parse_answers(given | {group: [*given[group], sign]})
