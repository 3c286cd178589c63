"""Each of the 63 rules, one by one: what it fires on and what it must leave alone."""

import pytest

from intake.triage.rules import shipped_rule_set
from tests.intake.triage.examples_routine import EXAMPLES as ROUTINE
from tests.intake.triage.examples_urgent import EXAMPLES as URGENT
from tests.intake.triage.examples_urgent import Example
from tests.intake.triage.said import fired

EXAMPLES = URGENT | ROUTINE
FIRES = [(rule, example) for rule, (examples, _) in EXAMPLES.items() for example in examples]
SILENT = [(rule, example) for rule, (_, examples) in EXAMPLES.items() for example in examples]


def test_there_are_63_rules_each_with_examples_of_both_kinds():
    assert list(EXAMPLES) == [rule.id for rule in shipped_rule_set().rules]
    assert len(EXAMPLES) == 63
    assert all(fires and silent for fires, silent in EXAMPLES.values())


@pytest.mark.parametrize(("rule", "example"), FIRES)
def test_the_rule_fires(rule: str, example: Example):
    assert rule in fired(**example)


@pytest.mark.parametrize(("rule", "example"), SILENT)
def test_the_rule_stays_silent(rule: str, example: Example):
    assert rule not in fired(**example)
