"""The rules in force."""

from functools import lru_cache
from uuid import UUID

from django.db import connection

from intake.models import RuleSet
from intake.models.ruleset import RuleSetState
from intake.remembered import remembered
from intake.triage.engine import CompiledRuleSet
from intake.triage.rules import compile_rule_set, read_rule_set, shipped_rules

PUBLISHED = "SELECT id FROM intake_ruleset WHERE state = %s"


def current_rule_set() -> CompiledRuleSet:
    """Return the published rules, or the shipped ones when nothing is published."""
    published = _published_rule_set()
    return _compiled(published) if published else shipped_rules()


@remembered
def _published_rule_set() -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute(PUBLISHED, [RuleSetState.PUBLISHED])
        row = cursor.fetchone()
    return row[0] if row else None


@lru_cache(maxsize=8)
def _compiled(rule_set_id: UUID) -> CompiledRuleSet:
    """A rule set never changes once it is published, so one compilation a process is enough."""
    rule_set = RuleSet.objects.get(pk=rule_set_id)
    rules = rule_set.rules.values("reason", "condition", "level", "messages", "holds", "rule_id")
    plain = [{("id" if key == "rule_id" else key): value for key, value in rule.items()} for rule in rules]
    return compile_rule_set(
        read_rule_set({"version": rule_set.version, "phrases": rule_set.phrases, "rules": plain})
    )
