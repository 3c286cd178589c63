"""Which answers made a rule fire.

An answer counts if some smaller set of the answers fires the rule with it and not without it. So of "a fit
before, or 65 and over, or pregnant" each one counts that was given, and what the rule does not ask for never.
The conditions are CEL, which cannot say why they hold: they are asked again with answers left out.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import cel

from intake.triage.answers import Answers, parse_answers
from intake.triage.engine import CompiledRule, CompiledRuleSet
from intake.triage.facts import facts_of

# What raises no rule by itself: an answer that is something else may be a reason.
CALM = parse_answers(
    {"age_band": "18_64", "suicide": "none_disclosed", "pregnancy": "no", "tolerance_break": "none"}
)
LISTS = ("substances", "symptoms", "history", "situation", "medical", "behaviours")
BEHIND = {"minor": "age_band", "complexity": "medical", "red_flag_words": "free_text"}
READ_OF_A_SUBSTANCE = re.compile(r"\b\w+\.(\w+)\b(?!\s*\()")


class Atom(NamedTuple):
    """One answer: the field and its value, or of a list which of its entries."""

    field: str
    value: Any


class Because(NamedTuple):
    """The answers that made a rule fire, and which facts of a substance it reads."""

    rule: CompiledRule
    answers: tuple[Atom, ...]
    reads: frozenset[str]
    is_by_others: bool  # it fired because of what the rules above it did not


def because(rule_set: CompiledRuleSet, answers: Answers, fired: Iterable[str]) -> list[Because]:
    """Return for each rule of these ids that the rule set has which answers made it fire."""
    ids = set(fired)
    found = [rule for rule in rule_set.rules if rule.id in ids]
    return [_because(rule, rule_set, answers, found) for rule in found]


def _because(
    rule: CompiledRule, rule_set: CompiledRuleSet, answers: Answers, fired: Sequence[CompiledRule]
) -> Because:
    names = set(rule.program.variables())
    above = fired[: fired.index(rule)]
    said = {
        "fired": [each.id for each in above],
        "asked": [each.level.value for each in above if each.level],
    }
    trial = _Trial(rule, rule_set.phrases, said)
    atoms = [atom for field in _fields(names) for atom in _atoms(answers, field)]
    counted = [atom for atom in atoms if trial.counts(atom, atoms)]
    reads = frozenset(READ_OF_A_SUBSTANCE.findall(rule.program.source))
    return Because(rule, tuple(counted), reads, is_by_others=not counted and "asked" in names)


def _fields(names: set[str]) -> list[str]:
    read = {BEHIND.get(name, name) for name in names}
    return [field for field in Answers.model_fields if field in read]


def _atoms(answers: Answers, field: str) -> list[Atom]:
    value = getattr(answers, field)
    if field in LISTS:
        return [Atom(field, entry) for entry in value]
    return [] if value == getattr(CALM, field) else [Atom(field, value)]


class _Trial:
    """One rule, asked again with some of the answers."""

    def __init__(self, rule: CompiledRule, phrases: tuple[str, ...], said: dict[str, list[str]]) -> None:
        self.rule, self.phrases, self.said = rule, phrases, said

    def counts(self, atom: Atom, atoms: Sequence[Atom]) -> bool:
        """Return whether the answer is needed once others are left out; tried from both ends."""
        others = [each for each in atoms if each is not atom]
        alike_first = sorted(others, key=lambda each: each.field != atom.field)
        return any(
            self._is_needed(atom, order)
            for order in (alike_first, alike_first[::-1], [*others[1:], *others[:1]])
        )

    def _is_needed(self, atom: Atom, others: Sequence[Atom]) -> bool:
        kept = list(others)
        for each in others:
            fewer = [other for other in kept if other is not each]
            if self._holds([atom, *fewer]):
                kept = fewer
        return self._holds([atom, *kept]) and not self._holds(kept)

    def _holds(self, atoms: Sequence[Atom]) -> bool:
        given: dict[str, Any] = {}
        for field, value in atoms:
            given[field] = (*given.get(field, ()), value) if field in LISTS else value
        facts = facts_of(CALM.model_copy(update=given), phrases=self.phrases)
        return self.rule.program.execute(cel.Context(facts | self.said)) is True
