import pytest

from intake.enums import Hold
from intake.triage.engine import triage
from intake.triage.rules import (
    RuleSetError,
    compile_rule_set,
    read_rule_set,
    shipped_rule_set,
    shipped_rules,
)
from tests.intake.triage.said import said

RULE = {"id": "one", "reason": "x", "condition": "true", "level": "P2"}


def plain_set(*rules: dict[str, object], **changes: object) -> dict[str, object]:
    return {"version": "test", "phrases": [], "rules": list(rules)} | changes


def test_the_shipped_rules_are_versioned_owned_and_due_for_review():
    shipped = shipped_rule_set()
    assert shipped.version
    assert shipped.owner
    assert shipped.effective_date < shipped.review_date


def test_rules_from_plain_rows_compile_to_the_same_as_the_file():
    """A rule set in the database holds the same values, with an empty level where the file says none."""
    rows = [
        rule.model_dump(mode="json") | {"level": rule.level.value if rule.level else ""}
        for rule in shipped_rule_set().rules
    ]
    stored = compile_rule_set(read_rule_set(plain_set(*rows, phrases=list(shipped_rule_set().phrases))))
    answers = said(
        substances=[{"name": "alcohol", "freq": "daily"}], situation=["drives"], free_text="I cant breathe"
    )
    assert triage(stored, answers).to_dict() == triage(shipped_rules(), answers).to_dict()


def test_a_clinic_may_set_its_own_targets(settings):
    settings.RESPONSE_TARGET_MINUTES = settings.RESPONSE_TARGET_MINUTES | {"P2": 600}
    rules = compile_rule_set(read_rule_set(plain_set(RULE)))
    assert triage(rules, said()).to_dict()["target_minutes"] == 600


def test_a_hold_is_read_as_one():
    rules = read_rule_set(plain_set(RULE | {"holds": ["H-SG"]}))
    assert rules.rules[0].holds == (Hold.SAFEGUARDING,)


@pytest.mark.parametrize(
    ("changes", "said_so"),
    [
        ({"level": "E9"}, "rules.0.level"),
        ({"holds": ["H-NONE"]}, "rules.0.holds.0"),
        ({"id": "Not an id"}, "rules.0.id"),
        ({"condition": ""}, "rules.0.condition"),
        ({"condition": "true || " * 300 + "true"}, "rules.0.condition"),
        ({"reason": ""}, "rules.0.reason"),
        ({"colour": "red"}, "rules.0.colour"),
    ],
)
def test_a_rule_that_is_not_well_formed_is_refused(changes: dict[str, object], said_so: str):
    with pytest.raises(RuleSetError, match=said_so):
        read_rule_set(plain_set(RULE | changes))


@pytest.mark.parametrize(
    ("changes", "said_so"),
    [
        ({"rules": [RULE, RULE]}, "used twice: one"),
        ({"phrases": [""]}, "phrases.0"),
        ({"version": None}, "version"),
    ],
)
def test_a_rule_set_that_is_not_well_formed_is_refused(changes: dict[str, object], said_so: str):
    with pytest.raises(RuleSetError, match=said_so):
        read_rule_set(plain_set(RULE, **changes))


@pytest.mark.parametrize("condition", ["substances.exists(s,", "&&", "\x00", "((((" * 400, "'"])
def test_a_condition_that_is_not_cel_is_refused_by_name(condition: str):
    with pytest.raises(RuleSetError, match=r"^one: "):
        compile_rule_set(read_rule_set(plain_set(RULE | {"condition": condition})))
