import threading

import pytest

from crm.enums import Level, Queue
from intake.enums import Hold, Outcome
from intake.triage.engine import STATIC_MESSAGES, RuleFailed, triage
from intake.triage.rules import RuleData, RuleSetData, compile_rule_set, shipped_rules
from tests.intake.triage.said import said, took, triaged


def rule_set(*rules: dict[str, object]) -> RuleSetData:
    return RuleSetData(
        version="test",
        phrases=(),
        rules=tuple(RuleData.model_validate({"reason": "x"} | rule) for rule in rules),
    )


@pytest.mark.parametrize(
    ("changes", "level", "queue", "outcome"),
    [
        ({"suicide": "not_safe_now"}, Level.E1, Queue.URGENT, Outcome.EMERGENCY_SIGNPOST),
        ({"suicide": "plan_or_means"}, Level.E2, Queue.URGENT, Outcome.EMERGENCY_SIGNPOST),
        ({"suicide": "thoughts_safe_now"}, Level.U1, Queue.URGENT, Outcome.URGENT),
        ({"professional_urgent": True}, Level.U2, Queue.URGENT, Outcome.URGENT),
        ({"timing": "now"}, Level.U3, Queue.URGENT, Outcome.URGENT),
        ({"timing": "within_72h"}, Level.P1, Queue.PREBOOKED, Outcome.PREBOOKED),
        ({}, Level.P2, Queue.PREBOOKED, Outcome.PREBOOKED),
    ],
)
def test_each_level_has_its_queue_and_outcome(changes, level, queue, outcome):
    found = triaged(**changes)
    assert (found.level, found.queue, found.outcome) == (level, queue, outcome)


def test_the_most_severe_level_wins_and_every_reason_is_kept():
    found = triaged(substances=[took("ketamine")], symptoms=["low_mood"], timing="within_72h")
    assert found.level == Level.U3
    assert [(rule.id, rule.level) for rule in found.rules] == [
        ("comedown-low-mood", Level.U3),
        ("ketamine-regular", Level.P1),
        ("within-72h", Level.P1),
    ]
    assert found.rules[1].reason == "Regular ketamine"


def test_advice_alone_leaves_the_level_and_its_reason_standard():
    found = triaged(situation=["drives", "lives_with_children"])
    assert [rule.id for rule in found.rules] == ["driving-advice", "children-in-household", "standard"]
    assert found.rules[0].level is None
    assert found.holds == (Hold.TRAVEL, Hold.CHILDREN_SAFETY)


def test_messages_follow_the_rules_order_without_repeats():
    found = triaged(suicide="not_safe_now", symptoms=["seizure_24h", "jaundice"], history=["self_harm_30d"])
    assert found.messages == ("M999", "MCRI", "MAE")


def test_the_closing_words_come_last():
    found = triaged(substances=[took("alcohol", amount_per_day=20)], timing="now")
    assert found.messages == ("MALC", "MSTD")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("alcohol", "MALC"),
        ("benzodiazepine", "MSED"),
        ("z_drug", "MSED"),
        ("barbiturate", "MSED"),
        ("gabapentinoid", "MSED"),
        ("ghb_gbl", "MGHB"),
        ("opioid", "MOPI"),
        ("nitazene_or_unknown", "MOPI"),
    ],
)
@pytest.mark.parametrize("suicide", ["none_disclosed", "not_safe_now"])
def test_a_named_substance_brings_its_text_whatever_the_level(name: str, key: str, suicide: str):
    named = took(name, freq="none", status="stopped", hours_since_last=6500)
    assert key in triaged(substances=[named], suicide=suicide).messages


@pytest.mark.parametrize("name", ["cannabis", "ketamine", "cocaine", "other"])
def test_other_substances_bring_no_text_of_their_own(name: str):
    assert triaged(substances=[took(name, freq="less", hours_since_last=999)]).messages == ("MSTD",)


def test_without_personalised_signposts_everybody_is_told_the_same_and_routed_as_before():
    for answers in (said(), said(suicide="not_safe_now", substances=[took("alcohol")])):
        with_them = triage(shipped_rules(), answers)
        without = triage(shipped_rules(), answers, personalised=False)
        assert without.messages == STATIC_MESSAGES
        assert without.to_dict() | {"messages": 0} == with_them.to_dict() | {"messages": 0}


def test_the_result_shows_outside_values():
    found = triaged(symptoms=["overdose_24h"])
    assert found.to_dict() == {
        "outcome": "emergency_signpost",
        "queue": "urgent",
        "level": "E1",
        "target_minutes": 5,
        "rules": ["emergency-overdose-24h"],
        "holds": ["H-CLIN"],
        "messages": ["MOD"],
    }
    assert found.rule_set_version == shipped_rules().version


@pytest.mark.parametrize(
    "condition", ["1", "missing", "substances.exists(s, s.nothing)", "'a' < 1", "pgsi > 1"]
)
def test_a_broken_condition_stops_the_triage_and_names_the_rule(condition: str):
    broken = compile_rule_set(rule_set({"id": "broken", "condition": condition, "level": "P2"}))
    with pytest.raises(RuleFailed, match=r"^broken: "):
        triage(broken, said(substances=[took("alcohol")]))


def test_a_rule_set_that_asks_for_no_level_places_nobody():
    silent = compile_rule_set(rule_set({"id": "advice", "condition": "true", "level": "none"}))
    with pytest.raises(RuleFailed, match="asks for a level"):
        triage(silent, said())


def test_a_rule_sees_what_the_rules_above_it_did():
    rules = compile_rule_set(
        rule_set(
            {"id": "first", "condition": "true", "level": "U2"},
            {"id": "second", "condition": '"first" in fired && asked == ["U2"]', "level": "P1"},
            {"id": "third", "condition": '"fourth" in fired', "level": "E1"},
            {"id": "fourth", "condition": "size(asked) == 2", "level": ""},
        )
    )
    assert [rule.id for rule in triage(rules, said()).rules] == ["first", "second", "fourth"]


def test_threads_share_one_rule_set():
    expected = triaged(substances=[took("alcohol", amount_per_day=20)])
    answers, found = said(substances=[took("alcohol", amount_per_day=20)]), []

    def work() -> None:
        found.extend(triage(shipped_rules(), answers) for _ in range(50))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 200


def test_a_hundred_entries_that_are_alike_say_what_one_says():
    """And say it at once: a rule that compares every entry with every other would not come back."""
    one, hundred = (said(substances=[took("alcohol", status="stopped")] * n) for n in (1, 100))
    assert triage(shipped_rules(), hundred) == triage(shipped_rules(), one)
