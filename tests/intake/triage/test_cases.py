"""The worked cases that ship, and the ones that deserve a name of their own."""

from typing import Any

import pytest

from crm.enums import Level
from intake.triage.answers import parse_answers
from intake.triage.checks import shipped_cases
from intake.triage.engine import triage
from intake.triage.rules import shipped_rules
from tests.intake.triage.said import fired, said, took, triaged


def test_25_cases_ship():
    assert len({case["id"] for case in shipped_cases()}) == 25


@pytest.mark.parametrize("case", shipped_cases(), ids=lambda case: case["id"])
def test_shipped_case(case: dict[str, Any]):
    found = triage(shipped_rules(), parse_answers(case["input"])).to_dict()
    expected = case["expected"]
    for key in ("outcome", "queue", "level", "target_minutes"):
        assert found[key] == expected[key], case["title"]
    assert set(found["rules"]) == set(expected["rules"]), case["title"]
    assert set(found["holds"]) == set(expected["holds"]), case["title"]


@pytest.mark.parametrize("sign", ["hallucinations", "confusion", "severe_agitation"])
def test_delirium_is_never_sent_to_a_mental_health_line(sign: str):
    stopped = took("ghb_gbl", status="stopped", hours_since_last=12)
    found = triaged(substances=[stopped, took("methamphetamine")], symptoms=[sign, "paranoia_voices"])
    assert found.level == Level.E1
    assert found.messages[0] == "M999"
    assert "MPSY" not in found.messages
    assert "crisis-psychosis" not in {rule.id for rule in found.rules}


def test_psychosis_without_withdrawal_is_sent_to_a_mental_health_line():
    found = triaged(substances=[took("methamphetamine")], symptoms=["hallucinations"])
    assert found.level == Level.E2
    assert "MPSY" in found.messages


def test_feeling_better_after_naloxone_does_not_lower_the_level():
    better = "He was given naloxone and feels fine now."
    found = triaged(substances=[took("opioid")], symptoms=["overdose_24h"], free_text=better)
    assert found.level == Level.E1
    assert found.messages[0] == "MOD"


def test_stable_prescribed_tablets_wait_a_day_and_stopped_street_tablets_do_not():
    stable = took("benzodiazepine", source="prescribed")
    stopped = took("benzodiazepine", source="street", status="stopped", hours_since_last=48)
    assert triaged(substances=[stable]).level == Level.P1
    assert triaged(substances=[stopped]).level == Level.U1
    assert triaged(substances=[stopped], symptoms=["tremor"]).level == Level.E2


def test_none_disclosed_does_not_reassure():
    stopped = took("ketamine", status="stopped", hours_since_last=72)
    found = triaged(substances=[stopped], symptoms=["low_mood"], suicide="none_disclosed")
    assert found.level == Level.U3
    assert "MCRI" in found.messages


def test_a_wish_for_today_is_same_day_contact():
    found = triaged(timing="now")
    assert (found.level, found.to_dict()["target_minutes"]) == (Level.U3, 240)


@pytest.mark.parametrize("declined", ["suicide", "age_band"])
def test_a_declined_answer_is_unknown_and_raises_the_level(declined: str):
    answered = said()
    assert triage(shipped_rules(), answered).level == Level.P2
    without = {key: value for key, value in answered.to_dict().items() if key != declined}
    assert triage(shipped_rules(), parse_answers(without)).level == Level.U3


def test_silence_on_whether_a_regular_sedative_was_stopped_raises_the_level():
    assert triaged(substances=[took("gabapentinoid", status=None)]).level == Level.U3


@pytest.mark.parametrize(
    ("changes", "level"),
    [
        ({"symptoms": ["unresponsive_or_slow_breathing"]}, Level.E1),
        ({"suicide": "not_safe_now"}, Level.E1),
        ({"situation": ["danger_now"]}, Level.E1),
        ({"symptoms": ["jaundice"]}, Level.E2),
        ({"age_band": "16_17"}, Level.U1),
        ({"situation": ["abuse_or_coercion"]}, Level.U1),
        ({"free_text": "i dont want to be here"}, Level.U1),
    ],
)
def test_safety_rules_need_no_substance(changes: dict[str, Any], level: Level):
    assert triaged(**changes).level == level


def test_the_son_who_does_not_know_is_not_contacted():
    found = triaged(enquirer="loved_one", person_aware="no", substances=[took("cocaine")])
    assert "H-CONSENT" in found.holds
    assert "M3P" in found.messages


def test_a_completed_detox_is_not_stopped():
    detoxed = took("alcohol", status="medical_detox_done", amount_per_day=40, hours_since_last=100)
    found = fired(substances=[detoxed], history=["withdrawal_seizure"], symptoms=["tremor", "confusion"])
    assert found == {"post-detox-bridge"}


@pytest.mark.parametrize("text", ["I feel great, no hurry at all", "overdose", "x" * 200_000])
def test_free_text_only_raises(text: str):
    before = triaged(substances=[took("ketamine")])
    after = triaged(substances=[took("ketamine")], free_text=text)
    assert after.level.rank <= before.level.rank
