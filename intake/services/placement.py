"""Placing a lead: the same triage as in the request, written down by the desk."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from crm.enums import Level, most_severe
from crm.models import Lead
from crm.services.placements import Decision, record_placement
from intake.models import Enquiry
from intake.reason_words import worded_reasons
from intake.selectors import current_rule_set
from intake.triage.answers import parse_answers
from intake.triage.engine import CompiledRuleSet, Triage, triage


def place_lead(*, enquiry_id: UUID, at: datetime) -> None:
    """Triage the enquiry again and place its lead; safe to run twice.

    Raises RuleFailed when a rule is broken: the lead then stays "not yet routed", which counts as urgent.
    """
    enquiry = Enquiry.objects.select_related("lead").get(pk=enquiry_id, lead__isnull=False)
    lead = cast("Lead", enquiry.lead)
    rules = current_rule_set()
    answers = parse_answers(enquiry.answers)
    result = triage(rules, answers)
    decision = _decision(enquiry, result, worded_reasons(rules, answers, result))
    if enquiry.adds_to_id:
        decision = _with_what_was_said(decision, enquiry, rules)
    elif enquiry.reference != lead.reference:
        decision = replace(decision, is_repeat=True)
    record_placement(lead=lead, decision=decision, at=at)


def _with_what_was_said(decision: Decision, enquiry: Enquiry, rules: CompiledRuleSet) -> Decision:
    """An addition never asks for less than its caller was told, and says what it brought by itself."""
    told = Level((enquiry.answer or {}).get("level", decision.level))
    said_now = _fired(rules, enquiry.said or {}) - _fired(rules, {})
    return replace(
        decision, level=most_severe(decision.level, told), is_addition=True, said_now=frozenset(said_now)
    )


def _fired(rules: CompiledRuleSet, said: Mapping[str, Any]) -> set[str]:
    return {rule.id for rule in triage(rules, parse_answers(said)).rules}


def _decision(enquiry: Enquiry, result: Triage, reasons: Mapping[str, str]) -> Decision:
    return Decision(
        key=f"enquiry:{enquiry.pk}",
        level=result.level,
        rules=[
            {"id": rule.id, "reason": reasons[rule.id], "level": rule.level or ""} for rule in result.rules
        ],
        holds=[str(hold) for hold in result.holds],
        answers=enquiry.answers,
        rule_set_version=result.rule_set_version,
        received_at=enquiry.received_at,
    )
