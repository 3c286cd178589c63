"""The urgent form: three answers are enough, and each answer reaches the rules."""

from typing import Any

import pytest

from crm.answer_words import THOUGHTS_LINE
from crm.enums import Level
from intake.enums import AgeBand, PersonAware, Situation, Suicide, Symptom, Timing
from intake.forms.enquiry import LONGEST_TEXT, SAY_SOMETHING
from intake.forms.urgent import UrgentForm
from intake.triage.engine import Triage, triage
from intake.triage.rules import shipped_rules
from tests.intake.forms.sent import urgent


def routed(**changes: Any) -> Triage:
    form = urgent(**changes)
    assert not form.errors
    return triage(shipped_rules(), form.to_answers())


def test_three_answers_are_enough() -> None:
    form = UrgentForm(
        {"enquirer": "self", "free_text": "help", "phone": "07700 900123", "safe_ways": ["call"]}
    )
    assert form.is_valid()


def test_nothing_at_all_asks_for_those_three_and_for_no_more() -> None:
    assert set(UrgentForm({}).errors) == {"enquirer", "phone", "free_text"}


def test_a_tick_says_enough_about_what_is_happening() -> None:
    assert not urgent(free_text="", happening=["ill_after_stopping"]).errors
    assert urgent(free_text="", happening=[]).errors == {"free_text": [SAY_SOMETHING]}


def test_unanswered_questions_are_unknown_and_never_no() -> None:
    answers = urgent().to_answers()
    assert (answers.suicide, answers.age_band, answers.person_aware) == (
        Suicide.UNKNOWN,
        AgeBand.UNKNOWN,
        PersonAware.YES,
    )
    assert "unknown-safety-answer" in {rule.id for rule in routed().rules}


def test_whoever_takes_the_urgent_way_asks_for_today_unless_they_say_otherwise() -> None:
    assumed, said = urgent().to_answers(), urgent(timing="flexible").to_answers()
    assert (assumed.timing, assumed.timing_assumed) == (Timing.NOW, True)
    assert (said.timing, said.timing_assumed) == (Timing.FLEXIBLE, False)


def test_the_first_page_asks_for_three_things_and_how_to_reach_them_safely() -> None:
    shown = {pointer.name for pointer in UrgentForm().helper.layout.get_field_names()}
    assert shown - {"idempotency_key", "shown_at", "homepage"} == {
        *("enquirer", "person_aware", "patient_name", "happening", "free_text"),
        *("phone", "email", "name", "safe_ways", "safe_note", "interpreter"),
    }


def test_thoughts_of_suicide_can_be_said_on_the_first_page_and_reach_the_rules_as_words() -> None:
    answers = urgent(free_text="", happening=["thoughts_of_suicide"]).to_answers()
    assert (answers.suicide, answers.symptoms) == (Suicide.UNKNOWN, ())
    assert answers.free_text == THOUGHTS_LINE
    result = triage(shipped_rules(), answers)
    assert result.level == Level.U1
    assert "MCRI" in result.messages


def test_danger_ticks_become_symptoms_and_situations() -> None:
    answers = urgent(
        happening=["seizure_24h", "danger_now"], symptoms=["tremor"], situation=["alone"]
    ).to_answers()
    assert answers.symptoms == (Symptom.SEIZURE_24H, Symptom.TREMOR)
    assert answers.situation == (Situation.DANGER_NOW, Situation.ALONE)


def test_a_tick_that_is_no_symptom_reaches_the_people_who_read() -> None:
    text = urgent(free_text="Help", happening=["ill_after_stopping"]).to_answers().free_text
    assert text == "Help\n[Feeling ill after stopping or cutting down]"


@pytest.mark.parametrize(
    ("changes", "level", "rule"),
    [
        ({"happening": ["unresponsive_or_slow_breathing"]}, Level.E1, "emergency-unresponsive-breathing"),
        ({"happening": ["child_danger_now"]}, Level.E1, "emergency-danger-now"),
        ({"suicide": "not_safe_now"}, Level.E1, "emergency-suicide-now"),
        ({"suicide": "plan_or_means"}, Level.E2, "crisis-suicide-plan"),
        ({"symptoms": ["jaundice"]}, Level.E2, "medical-now-111"),
        ({"uses": ["ketamine"], "symptoms": ["cannot_pass_urine"]}, Level.E2, "ketamine-urinary-red-flag"),
        ({"age_band": "under_16"}, Level.U1, "under-18"),
        ({"situation": ["abuse_or_coercion"]}, Level.U1, "adult-abuse"),
        ({"free_text": "I can’t do this any more"}, Level.U1, "free-text-red-flag"),
    ],
)
def test_what_is_ticked_or_written_decides_the_level(
    changes: dict[str, Any], level: Level, rule: str
) -> None:
    result = routed(**changes)
    assert result.level == level
    assert rule in {fired.id for fired in result.rules}


def test_being_under_18_is_no_error() -> None:
    assert not urgent(age_band="16_17").errors


def test_the_answers_of_a_form_with_errors_can_be_triaged_too() -> None:
    form = urgent(phone="", happening=["overdose_24h"])
    assert form.errors
    assert triage(shipped_rules(), form.to_answers()).level == Level.E1


@pytest.mark.parametrize("text", ["عربي אבג", "🆘🆘", "\u202ereversed", "a\nb", "x" * LONGEST_TEXT])
def test_any_script_is_kept(text: str) -> None:
    form = urgent(free_text=text, happening=[])
    assert not form.errors
    assert form.to_answers().free_text == text


def test_a_text_that_is_too_long_is_answered_clearly_and_kept() -> None:
    form = urgent(free_text="x" * (LONGEST_TEXT + 1))
    assert form.errors == {"free_text": ["Use 20,000 characters or fewer. Nothing was cut."]}
    assert form["free_text"].value() == "x" * (LONGEST_TEXT + 1)


@pytest.mark.parametrize(
    "field",
    ["enquirer", "happening", "safe_ways"],  # what the short page shows: no other can be put right there
)
@pytest.mark.parametrize("junk", ["nonsense", "\x00", "🆘", "x" * 5000])
def test_a_value_outside_the_list_is_an_error_that_does_not_repeat_it(field: str, junk: str) -> None:
    [message] = urgent(**{field: [junk] if field in {"happening", "uses", "safe_ways"} else junk}).errors[
        field
    ]
    assert "list" in message
    assert junk not in message


def test_every_sensitive_question_says_why_it_is_asked() -> None:
    sensitive = (
        "suicide",
        "uses",
        "symptoms",
        "age_band",
        "pregnancy",
        "history",
        "situation",
        "tolerance_break",
    )
    fields = UrgentForm().fields
    assert all(getattr(fields[name], "why", "") for name in (*sensitive, "safe_ways", "person_aware"))


def test_no_control_is_marked_required_in_the_page() -> None:
    assert "required" not in UrgentForm().as_div()
