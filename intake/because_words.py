"""Why a lead is where it is: each rule that fired, with the answers that fired it, in words."""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from crm.answer_labels import label
from crm.answer_words import (
    NOT_KNOWN,
    SAFE_UNKNOWN,
    SUBJECTS,
    THOUGHTS,
    Fact,
    answers_in_words,
    ticked_thoughts,
)
from crm.enums import CallerRole, Level
from crm.models import Placement
from intake.models import RuleSet
from intake.rule_sets import rule_set_data
from intake.triage.answers import Answers, AnswersError, Substance, parse_answers
from intake.triage.engine import CompiledRuleSet
from intake.triage.evidence import Because, because
from intake.triage.facts import plain
from intake.triage.rules import RuleSetError, compile_rule_set, shipped_rules

# What a condition calls it: which parts of the answer about a substance it looks at.
PARTS = {
    "regular": ("freq",),
    "freq": ("freq",),
    "stopped": ("status",),
    "detox_done": ("status",),
    "status": ("status",),
    "hours": ("hours_since_last",),
    "amount": ("amount_per_day", "unit"),
    "amount_known": ("amount_per_day", "unit"),
    "source": ("source",),
    "route": ("route",),
}
NOT_ANSWERED = {
    "freq": "how often: not answered",
    "status": "whether it was stopped: not answered",
    "hours_since_last": "when last: not answered, which counts as just now",
    "amount_per_day": "how much: not answered",
}
ASSUMED = "Nobody has asked yet: the urgent form counts as today"
SAFETY = frozenset({SUBJECTS["suicide"], SUBJECTS["age_band"], SUBJECTS["pregnancy"]})
BY_OTHERS = Fact("Because", "No other rule asked for a level")


@dataclass(frozen=True, slots=True)
class FiredRule:
    """One rule that fired. No facts: it cannot be said any more which answers it looked at."""

    id: str
    words: str
    level: Level | None
    facts: list[Fact]


def why(placement: Placement) -> list[FiredRule]:
    """Return the rules of a placement, most urgent first, each with the answers that fired it."""
    facts = _facts_by_rule(placement)
    fired = [
        FiredRule(
            id=rule["id"],
            words=rule["reason"],
            level=Level(rule["level"]) if rule.get("level") else None,
            facts=[fact for fact in facts.get(rule["id"], []) if fact.answered != rule["reason"]],
        )
        for rule in placement.rules
    ]
    return sorted(fired, key=lambda rule: rule.level.rank if rule.level else len(Level))


def _facts_by_rule(placement: Placement) -> dict[str, list[Fact]]:
    rule_set = _rules_of(placement.rule_set_version)
    if rule_set is None or not placement.answers:
        return {}
    try:
        answers = parse_answers(placement.answers)
    except AnswersError:  # a snapshot of an older form
        return {}
    found = because(rule_set, answers, [rule["id"] for rule in placement.rules])
    return {each.rule.id: _facts(each, answers, rule_set.phrases) for each in found}


def _rules_of(version: str) -> CompiledRuleSet | None:
    """Return the rules by which a placement was made; they are kept for good."""
    if version == shipped_rules().version:
        return shipped_rules()
    found = RuleSet.objects.filter(version=version).values_list("pk", flat=True).first()
    return _compiled(found) if found else None


@lru_cache(maxsize=8)
def _compiled(rule_set_id: UUID) -> CompiledRuleSet | None:
    """A rule set by which a lead was placed never changes again."""
    try:
        return compile_rule_set(rule_set_data(RuleSet.objects.get(pk=rule_set_id)))
    except RuleSetError:
        return None


def _facts(found: Because, answers: Answers, phrases: tuple[str, ...]) -> list[Fact]:
    if found.is_by_others:
        return [BY_OTHERS]
    by_field: dict[str, list[object]] = {}
    for atom in found.answers:
        by_field.setdefault(atom.field, []).append(atom.value)
    words = [fact for field, values in by_field.items() for fact in _of_field(field, values, found, phrases)]
    return [_as_asked(fact, answers) for fact in words]


def _as_asked(fact: Fact, answers: Answers) -> Fact:
    """Say of what nobody was asked that it is not known: neither that it was said nor that it was left."""
    if answers.timing_assumed and fact.asked == SUBJECTS["timing"]:
        return Fact(fact.asked, ASSUMED)
    if fact.asked not in SAFETY or fact.answered != label("unknown"):
        return fact
    ticked = fact.asked == SUBJECTS["suicide"] and ticked_thoughts({"free_text": answers.free_text})
    return Fact(fact.asked, SAFE_UNKNOWN if ticked else NOT_KNOWN)


def _of_field(field: str, values: list[object], found: Because, phrases: tuple[str, ...]) -> list[Fact]:
    if field == "substances":
        return [_substance(each, found.reads) for each in values if isinstance(each, Substance)]
    if field == "free_text":
        if ticked_thoughts({"free_text": values[0]}):
            return [Fact(SUBJECTS["suicide"], f"Ticked: {THOUGHTS}", is_danger=True)]
        words = plain(str(values[0]))
        said = "; ".join(f"“{phrase}”" for phrase in phrases if phrase in words)
        return [Fact(SUBJECTS[field], said)]
    if field == "enquirer":
        return [Fact("Who asks", CallerRole(str(values[0])).label)]
    if field == "professional_urgent":
        return [Fact("Marked as urgent", "Yes, by the professional")]
    return [Fact(SUBJECTS.get(field, label(field)), "; ".join(_word(value) for value in values))]


def _word(value: object) -> str:
    return label(str(value)) if isinstance(value, str) else str(value)


def _substance(entry: Substance, reads: frozenset[str]) -> Fact:
    """Return what the rule looked at of one substance: the rest of it is not why."""
    given = entry.model_dump(mode="json")
    parts = list(dict.fromkeys(part for name, parts in PARTS.items() if name in reads for part in parts))
    read = {"name": given["name"], **{part: given[part] for part in parts}}
    said = answers_in_words({"substances": [read]}).facts[0]
    blank = [part for part in parts if given[part] in (None, "unknown")]
    known = [said.answered] if len(blank) < len(parts) else []
    missing = [NOT_ANSWERED[part] for part in blank if part in NOT_ANSWERED]
    return Fact(said.asked, ", ".join([*known, *missing]) or "named")
