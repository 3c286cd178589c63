import pytest
import yaml
from django.conf import settings

from crm.enums import Level
from intake.enums import AlertTarget, Hold
from intake.triage.engine import triage
from intake.triage.rules import (
    SHIPPED_FILE,
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


def test_the_shipped_targets_are_those_of_the_desk():
    minutes = {level.value: policy.minutes for level, policy in shipped_rule_set().levels.items()}
    assert minutes == settings.RESPONSE_TARGET_MINUTES


def test_the_shipped_alerts_come_before_the_promise_runs_out():
    levels = shipped_rule_set().levels
    assert [(alert.after_minutes, alert.to) for alert in levels[Level.E1].alerts] == [
        (2, AlertTarget.SECOND_PERSON),
        (5, AlertTarget.ON_CALL_MANAGER),
    ]
    assert all(alert.after_minutes <= policy.minutes for policy in levels.values() for alert in policy.alerts)


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


def test_a_clinic_may_set_its_own_targets():
    levels = yaml.safe_load(SHIPPED_FILE.read_text(encoding="utf-8"))["levels"]
    levels["P2"]["minutes"] = 600
    rules = compile_rule_set(read_rule_set(plain_set(RULE, levels=levels)))
    assert triage(rules, said()).target_minutes == 600


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
        ({"levels": {"E1": {"minutes": 5, "alerts": []}}}, "no target for E2"),
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
