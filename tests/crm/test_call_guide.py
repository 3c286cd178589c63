"""What is still to be asked: danger first, and nothing that is known already."""

from typing import Any

from crm.answer_words import THOUGHTS_LINE
from crm.call_guide import questions_left

KNOWN: dict[str, Any] = {
    "symptoms": ["tremor"],
    "suicide": "thoughts_safe_now",
    "person_aware": "yes",
    "substances": [
        {"name": "alcohol", "freq": "daily", "status": "using", "hours_since_last": 3, "amount_per_day": 20}
    ],
    "age_band": "18_64",
    "pregnancy": "no",
    "history": ["epilepsy"],
    "medical": ["heart_disease"],
    "situation": ["alone"],
    "timing": "now",
}


def asked(answers: dict[str, Any], *, other: bool = False) -> list[str]:
    return [question.ask for question in questions_left(answers, about_somebody_else=other)]


def test_nothing_is_asked_twice() -> None:
    assert asked(KNOWN) == []


def test_danger_comes_first_and_the_wish_last() -> None:
    questions = asked({})
    assert "any fit" in questions[0]
    assert "ending your life" in questions[1]
    assert "start" in questions[-1]


def test_a_time_that_nobody_gave_is_still_to_be_asked() -> None:
    assert asked(KNOWN | {"timing_assumed": True}) == ["When would you like help to start?"]


def test_after_a_tick_for_thoughts_of_suicide_the_plan_is_asked_for() -> None:
    ticked = KNOWN | {"suicide": "unknown", "free_text": f"Help\n{THOUGHTS_LINE}"}
    assert asked(ticked) == [
        "The thoughts of ending your life: is there a plan or a way, and are you safe now?"
    ]


def test_nothing_disclosed_is_not_no() -> None:
    assert "ending your life" in asked(KNOWN | {"suicide": "none_disclosed"})[0]


def test_of_somebody_else_agreement_is_asked_before_their_use() -> None:
    questions = asked({}, other=True)
    agree = questions.index("Do they know of this, and do they agree?")
    assert "ending their life" in questions[1]
    assert agree < next(place for place, ask in enumerate(questions) if "using" in ask)


def test_each_gap_in_what_is_used_is_a_question_of_its_own() -> None:
    gaps = {"name": "ghb_gbl", "freq": "unknown", "status": "unknown"}
    assert asked(KNOWN | {"substances": [gaps]}) == [
        "GHB or GBL: when was the last time?",
        "GHB or GBL: how often?",
        "GHB or GBL: have you stopped or cut down, or plan to?",
        "GHB or GBL: how much on a usual day?",
    ]


def test_a_break_is_asked_of_those_who_use_opioids() -> None:
    opioid = {"name": "opioid", "freq": "daily", "status": "using", "hours_since_last": 3}
    assert [ask for ask in asked(KNOWN | {"substances": [opioid]}) if "break" in ask]
    assert not [ask for ask in asked(KNOWN | {"tolerance_break": "unknown"}) if "break" in ask]
