import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.enums import CallerRole
from intake.enums import AgeBand, PersonAware, Pregnancy, Suicide, Timing, ToleranceBreak, UseStatus
from intake.triage.answers import MOST_ERRORS, MOST_SUBSTANCES, Answers, AnswersError, parse_answers
from intake.triage.checks import shipped_cases
from intake.triage.engine import triage
from intake.triage.rules import shipped_rules

BAD: list[tuple[str, Any]] = [
    ("suicide", "maybe"),
    ("suicide", ["unknown"]),
    ("suicide", 5),
    ("enquirer", "a friend"),
    ("person_aware", ["no"]),
    ("timing", {}),
    ("pgsi", True),
    ("pgsi", "8"),
    ("pgsi", 8.5),
    ("pgsi", -1),
    ("pgsi", 10**400),
    ("pgsi", float("nan")),
    ("professional_urgent", "yes"),
    ("professional_urgent", 1),
    ("free_text", 5),
    ("free_text", ["help"]),
    ("symptoms", "tremor"),
    ("symptoms", {"tremor": True}),
    ("substances", {}),
    ("substances", [{"name": "alcohol"}] * (MOST_SUBSTANCES + 1)),
]
BAD_ENTRIES: list[tuple[str, Any]] = [
    ("name", "vodka"),
    ("freq", "often"),
    ("amount_per_day", -1),
    ("amount_per_day", True),
    ("amount_per_day", "20"),
    ("amount_per_day", float("inf")),
    ("amount_per_day", float("nan")),
    ("amount_per_day", 10**400),
    ("hours_since_last", -0.5),
    ("hours_since_last", [1]),
    ("unit", "pints"),
    ("status", ""),
    ("source", "friend"),
    ("route", "eyes"),
]


def test_an_enquiry_that_says_nothing_is_unknown_not_no():
    nothing = parse_answers({})
    assert nothing == Answers()
    assert nothing.suicide == Suicide.UNKNOWN
    assert nothing.age_band == AgeBand.UNKNOWN
    assert nothing.pregnancy == Pregnancy.UNKNOWN
    assert nothing.tolerance_break == ToleranceBreak.UNKNOWN
    assert nothing.timing == Timing.FLEXIBLE
    assert nothing.professional_urgent is False


def test_null_is_the_same_as_absent():
    nulls = dict.fromkeys(Answers.model_fields)
    assert parse_answers(nulls) == Answers()
    entry = {"name": "alcohol", "freq": None, "status": None, "amount_per_day": None}
    assert parse_answers({"substances": [entry]}).substances[0].status == UseStatus.UNKNOWN


def test_unknown_keys_are_ignored():
    assert parse_answers({"favourite_colour": "blue", "substances": [{"name": "other", "x": 1}]}).substances


@pytest.mark.parametrize("case", shipped_cases(), ids=lambda case: case["id"])
def test_answers_survive_being_stored(case: dict[str, Any]):
    answers = parse_answers(case["input"])
    assert answers.to_dict() == Answers().to_dict() | case["input"]
    assert parse_answers(json.loads(json.dumps(answers.to_dict()))) == answers


@pytest.mark.parametrize("given_value", ["no", "unknown", "yes", None])
def test_whoever_asks_for_themselves_has_agreed(given_value: str | None):
    assert parse_answers({"enquirer": "self", "person_aware": given_value}).person_aware == PersonAware.YES


@pytest.mark.parametrize("given_value", ["no", "unknown"])
def test_an_enquiry_about_someone_unaware_is_not_their_own(given_value: str):
    answers = parse_answers({"person_aware": given_value})
    assert (answers.enquirer, answers.person_aware) == (CallerRole.LOVED_ONE, given_value)


def test_the_agreement_of_someone_else_is_unknown_until_said():
    assert parse_answers({"enquirer": "loved_one"}).person_aware == PersonAware.UNKNOWN


@pytest.mark.parametrize(("field", "value"), BAD, ids=lambda value: str(value)[:20])
def test_nonsense_is_refused_by_field(field: str, value: Any):
    with pytest.raises(AnswersError) as refused:
        parse_answers({field: value})
    assert {each.split(".")[0] for each in refused.value.errors} == {field}


@pytest.mark.parametrize(("field", "value"), BAD_ENTRIES, ids=lambda value: str(value)[:20])
def test_nonsense_in_an_entry_is_refused_by_place_and_field(field: str, value: Any):
    entries = [{"name": "other"}, {"name": "alcohol", field: value}]
    with pytest.raises(AnswersError) as refused:
        parse_answers({"substances": entries})
    assert set(refused.value.errors) == {f"substances.1.{field}"}


@pytest.mark.parametrize("raw", [[], None, "answers", 5])
def test_answers_are_an_object(raw: Any):
    with pytest.raises(AnswersError, match="object"):
        parse_answers(raw)


def test_a_substance_needs_a_name():
    with pytest.raises(AnswersError) as refused:
        parse_answers({"substances": [{"freq": "daily"}]})
    assert refused.value.errors == {"substances.0.name": ["This is needed."]}


def test_an_error_never_repeats_what_was_sent():
    with pytest.raises(AnswersError) as refused:
        parse_answers({"suicide": "secret words", "substances": [{"name": "secret name"}], "pgsi": "secret"})
    assert "secret" not in str(refused.value)


def test_a_thousand_errors_are_cut_short():
    with pytest.raises(AnswersError) as refused:
        parse_answers({"symptoms": ["nothing"] * 1000})
    assert len(refused.value.errors) == MOST_ERRORS


def test_whole_numbers_may_come_with_a_point_and_lists_with_repeats():
    answers = parse_answers({"pgsi": 8.0, "symptoms": ["tremor", "sweating", "tremor"]})
    assert answers.pgsi == 8
    assert answers.to_dict()["symptoms"] == ["tremor", "sweating"]


@pytest.mark.parametrize(
    "text", ["a\x00b", "\ud800 lone", "עברית \u202e", "🙏🏽" * 10, "x" * 500_000, "\r\n\t"]
)
def test_any_text_can_be_stored_and_triaged(text: str):
    answers = parse_answers({"free_text": text})
    assert "\x00" not in answers.free_text
    answers.free_text.encode("utf-8")
    assert triage(shipped_rules(), answers)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(Answers.model_fields)), json_values, max_size=5))
def test_any_json_is_answers_or_a_plain_error(raw: dict[str, Any]):
    with suppress(AnswersError):
        assert triage(shipped_rules(), parse_answers(raw))


def test_the_json_schema_says_that_null_is_allowed_where_it_is():
    fields = Answers.model_json_schema()["properties"]
    assert all({"type": "null"} in field["anyOf"] for field in fields.values())
    substance = Answers.model_json_schema()["$defs"]["Substance"]
    assert substance["required"] == ["name"]
    assert "anyOf" not in substance["properties"]["name"]
