"""Which answers fired a rule: all that count, none that the rule does not ask for."""

import pytest

from intake.triage.answers import parse_answers
from intake.triage.engine import triage
from intake.triage.evidence import CALM, because
from intake.triage.rules import shipped_rules
from intake.triage.samples import random_answers

ALCOHOL = {
    "name": "alcohol",
    "freq": "daily",
    "status": "stopped",
    "hours_since_last": 20,
    "amount_per_day": 18,
}


def fired_by(**said: object) -> dict[str, list[tuple[str, str]]]:
    """Return for each rule that fires which answers did it."""
    answers = parse_answers(CALM.to_dict() | said)
    rules = [rule.id for rule in triage(shipped_rules(), answers).rules]
    found = because(shipped_rules(), answers, rules)
    return {
        each.rule.id: [(f, str(getattr(v, "name", v) if f == "substances" else v)) for f, v in each.answers]
        for each in found
    }


@pytest.mark.parametrize(
    ("said", "rule", "answers"),
    [
        ({"symptoms": ["seizure_24h", "tremor"]}, "emergency-seizure", ["seizure_24h"]),
        (
            {"symptoms": ["chest_pain", "overheating"]},
            "emergency-chest-heat-breath",
            ["chest_pain", "overheating"],
        ),
        ({"suicide": "plan_or_means"}, "crisis-suicide-plan", ["plan_or_means"]),
        ({"suicide": "unknown"}, "unknown-safety-answer", ["unknown"]),
        ({"age_band": "16_17"}, "under-18", ["16_17"]),
        ({"free_text": "I want to end my life"}, "free-text-red-flag", ["I want to end my life"]),
        ({"professional_urgent": True}, "professional-urgent", ["True"]),
        ({"enquirer": "loved_one", "person_aware": "no"}, "third-party-no-agreement", ["loved_one", "no"]),
    ],
)
def test_one_kind_of_answer(said: dict[str, object], rule: str, answers: list[str]) -> None:
    assert [value for _, value in fired_by(**said)[rule]] == answers


def test_every_alternative_that_was_given_counts() -> None:
    found = fired_by(
        substances=[ALCOHOL, {"name": "cocaine", "freq": "daily"}],
        age_band="65_plus",
        history=["epilepsy"],
        medical=["liver_disease", "other_daily_medication"],
        situation=["drives"],
    )["alcohol-stopped-high-risk"]
    fields = [field for field, _ in found]
    assert fields == ["age_band", "substances", "history", "medical"]
    assert ("medical", "liver_disease") in found


def test_two_answers_that_only_count_together() -> None:
    substances = [ALCOHOL, {"name": "opioid", "freq": "daily"}, {"name": "cannabis", "freq": "daily"}]
    assert len(fired_by(substances=substances)["poly-depressant"]) == 2


def test_a_rule_that_fires_because_no_other_did_says_so() -> None:
    [found] = because(shipped_rules(), CALM, ["standard"])
    assert (found.answers, found.is_by_others) == ((), True)


def test_a_rule_that_is_not_there_any_more_is_left_out() -> None:
    assert because(shipped_rules(), CALM, ["gone", "standard"])[0].rule.id == "standard"


def test_whatever_fires_can_be_explained() -> None:
    for answers in random_answers(60, seed=7):
        rules = [rule.id for rule in triage(shipped_rules(), answers).rules]
        for found in because(shipped_rules(), answers, rules):
            assert found.answers or found.is_by_others, (found.rule.id, answers)


def test_the_answers_that_count_are_enough() -> None:
    """What is shown fires the rule by itself: nothing that it needs is left out."""
    for answers in random_answers(25, seed=3):
        rules = [rule.id for rule in triage(shipped_rules(), answers).rules]
        for found in because(shipped_rules(), answers, rules):
            if found.rule.looks_back:
                continue
            given: dict[str, object] = {}
            for field, value in found.answers:
                many = isinstance(getattr(CALM, field), tuple)
                given[field] = (*given.get(field, ()), value) if many else value
            again = triage(shipped_rules(), CALM.model_copy(update=given))
            assert found.rule.id in [rule.id for rule in again.rules]
