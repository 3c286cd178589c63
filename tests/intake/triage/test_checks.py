import pytest

from crm.enums import Level
from intake.triage.checks import check_rule_set, shipped_cases
from intake.triage.rules import RuleSetData, shipped_rule_set


def changed(rule_id: str, **changes: object) -> RuleSetData:
    """The shipped rules, with one of them changed."""
    shipped = shipped_rule_set()
    rules = tuple(rule.model_copy(update=changes) if rule.id == rule_id else rule for rule in shipped.rules)
    return shipped.model_copy(update={"rules": rules})


def problems(rule_id: str, **changes: object) -> str:
    return "\n".join(check_rule_set(changed(rule_id, **changes), shipped_cases(), samples=2))


def test_the_shipped_rules_may_be_published():
    assert check_rule_set(shipped_rule_set(), shipped_cases()) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"condition": "substances.exists(s,"}, "ketamine-regular: Failed to parse"),
        (
            {"condition": "ketamine_use"},
            "ketamine-regular: the condition uses names that do not exist: ketamine_use.",
        ),
        ({"condition": "substances.exists(s, s.nmae == 'ketamine')"}, "ketamine-regular: KeyError"),
        ({"condition": "size(substances)"}, "ketamine-regular: the condition is not true or false"),
        ({"condition": "false"}, "Case C14: rules is"),
        ({"level": Level.E1}, "Case C14: level is E1, expected U1."),
        ({"messages": ("MXXX",)}, "ketamine-regular: no text for MXXX."),
    ],
)
def test_a_broken_rule_is_found(changes: dict[str, object], expected: str):
    assert expected in problems("ketamine-regular", **changes)


def test_a_rule_that_a_second_sign_switches_off_is_found():
    found = problems("crisis-psychosis", condition='"paranoia_voices" in symptoms && !("tremor" in symptoms)')
    assert "Adding symptoms tremor lowers E2 to P2." in found


def test_a_rule_set_without_a_fallback_is_found():
    assert "asks for a level" in problems("standard", condition="false")


def test_a_case_that_cannot_be_read_is_told():
    case = {"id": "X1", "input": {"suicide": "perhaps"}, "expected": {}}
    assert check_rule_set(shipped_rule_set(), [case], samples=0)[0].startswith("Case X1: suicide: ")
