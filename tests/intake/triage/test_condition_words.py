"""What is wrong with a condition, said to a person who is no programmer."""

import pytest

from intake.triage.condition_words import problems_with
from intake.triage.rules import shipped_rule_set


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ('"tremor" in symptoms &&', "Line 1, at the end: something is missing."),
        ('symptoms.exists(x, x == "tremor"', "“)” is missing."),
        ('suicide = "unknown"', "To compare, write “==”."),
        ('"tremor" in symptoms "anxiety" in symptoms', "Is an “&&”, an “||” or a quotation mark missing"),
        ('weather == "cold"', "There is no “weather” to ask about."),
        ('"tremour" in symptoms', "No answer and no rule above is ever “tremour”."),
        ("substances.exists(s, s.wrong)", "A substance has no “wrong”."),
        ("suicide", "It must be true or false."),
        ('symptoms.exist(x, x == "tremor")', "There is no “x” to ask about."),
        ("size(symptoms)", "It must be true or false."),
        ("suicide > 3", "It cannot be asked: it compares things of different kinds."),
    ],
)
def test_each_mistake_is_said_in_words(condition: str, words: str) -> None:
    assert any(words in problem for problem in problems_with(condition)), problems_with(condition)


def test_the_line_is_named() -> None:
    [problem] = problems_with('"tremor" in symptoms\n&& && minor')
    assert problem.startswith("Line 2")


def test_rules_above_may_be_asked_about_and_no_others() -> None:
    condition = '!("emergency-delirium" in fired)'
    assert problems_with(condition, rule_ids=frozenset({"emergency-delirium"})) == []
    assert problems_with(condition) == ["No answer and no rule above is ever “emergency-delirium”."]


def test_every_shipped_condition_is_fine() -> None:
    rules = shipped_rule_set().rules
    for number, rule in enumerate(rules):
        above = frozenset(each.id for each in rules[:number])
        assert problems_with(rule.condition, rule_ids=above) == [], rule.id
