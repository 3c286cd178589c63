"""The reasons of a placement in words that are true of this enquiry, where the rule's own say too much.

What a rule decides stays as it is. The short urgent form stands for "today" without asking, and takes
thoughts of suicide as a tick: a coordinator reads both as what they are.
"""

from crm.answer_words import THOUGHTS, ticked_thoughts
from intake.enums import Timing
from intake.triage.answers import Answers
from intake.triage.engine import CompiledRuleSet, FiredRule, Triage, triage

CAME_URGENTLY = "Came by the urgent form: when to start is not asked yet"
TICKED = f"Ticked: {THOUGHTS}"
OF_WORDS = "red_flag_words"  # what a condition calls the phrases of the rule set


def worded_reasons(rules: CompiledRuleSet, answers: Answers, result: Triage) -> dict[str, str]:
    """Return the reason of each rule that fired, by the rule's id."""
    by_form = _fired_by_form(rules, answers, result)
    by_tick = _about_words(rules) if ticked_thoughts({"free_text": answers.free_text}) else frozenset()
    return {rule.id: _reason(rule, by_form, by_tick) for rule in result.rules}


def _reason(rule: FiredRule, by_form: frozenset[str], by_tick: frozenset[str]) -> str:
    if rule.id in by_tick:
        return TICKED
    return CAME_URGENTLY if rule.id in by_form else rule.reason


def _fired_by_form(rules: CompiledRuleSet, answers: Answers, result: Triage) -> frozenset[str]:
    """Return the rules that fired only because the form stands for "today"."""
    if not answers.timing_assumed:
        return frozenset()
    without = triage(rules, answers.model_copy(update={"timing": Timing.FLEXIBLE}))
    return frozenset(rule.id for rule in result.rules) - {rule.id for rule in without.rules}


def _about_words(rules: CompiledRuleSet) -> frozenset[str]:
    return frozenset(rule.id for rule in rules.rules if OF_WORDS in rule.program.variables())
