"""No symptom, history, situation or medical item ever lowers a level, whatever else was answered."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from crm.enums import CallerRole
from intake import enums
from intake.triage.answers import parse_answers
from intake.triage.engine import triage
from intake.triage.rules import shipped_rules
from intake.triage.samples import SIGNS


def one_of(choices: Any) -> st.SearchStrategy[str]:
    return st.sampled_from(choices.values)


def some_of(choices: Any) -> st.SearchStrategy[list[str]]:
    return st.lists(one_of(choices), max_size=3, unique=True)


quantities = (
    st.none() | st.sampled_from([0, 1, 5.9, 6, 14.9, 15, 29.9, 30, 168, 169, 336, 337]) | st.floats(0, 1e6)
)
scores = st.none() | st.integers(0, 60)
substances = st.fixed_dictionaries(
    {
        "name": one_of(enums.SubstanceName),
        "freq": one_of(enums.Frequency),
        "amount_per_day": quantities,
        "hours_since_last": quantities,
        "status": one_of(enums.UseStatus),
        "source": st.none() | one_of(enums.Source),
        "route": st.none() | one_of(enums.Route),
    }
)
inputs = st.fixed_dictionaries(
    {
        "enquirer": one_of(CallerRole),
        "person_aware": one_of(enums.PersonAware),
        "age_band": one_of(enums.AgeBand),
        "substances": st.lists(substances, max_size=4),
        "behaviours": some_of(enums.Behaviour),
        "pgsi": scores,
        "audit_total": scores,
        "sadq_total": scores,
        "symptoms": some_of(enums.Symptom),
        "history": some_of(enums.History),
        "suicide": one_of(enums.Suicide),
        "pregnancy": one_of(enums.Pregnancy),
        "tolerance_break": one_of(enums.ToleranceBreak),
        "situation": some_of(enums.Situation),
        "medical": some_of(enums.Medical),
        "timing": one_of(enums.Timing),
        "professional_urgent": st.booleans(),
        "free_text": st.sampled_from(["", "overdose"]) | st.text(max_size=20),
    }
)
signs = st.sampled_from([(group, sign) for group, all_signs in SIGNS.items() for sign in all_signs])

unhurried = settings(deadline=None)  # a busy machine is no failure


def level_rank(raw: dict[str, Any]) -> int:
    return triage(shipped_rules(), parse_answers(raw)).level.rank


@unhurried
@given(inputs, st.lists(signs, min_size=1, max_size=4))
def test_more_signs_never_lower_the_level(raw: dict[str, Any], more: list[tuple[str, str]]):
    before = level_rank(raw)
    for group, sign in more:
        raw = raw | {group: [*raw[group], sign]}
        after = level_rank(raw)
        assert after <= before
        before = after


@unhurried
@given(inputs, st.sampled_from(["suicide", "age_band"]))
def test_a_declined_safety_answer_is_at_least_urgent(raw: dict[str, Any], declined: str):
    assert level_rank({key: value for key, value in raw.items() if key != declined}) <= 4


@unhurried
@given(inputs)
def test_the_same_answers_always_give_the_same_result(raw: dict[str, Any]):
    answers = parse_answers(raw)
    assert triage(shipped_rules(), answers) == triage(shipped_rules(), parse_answers(answers.to_dict()))


@unhurried
@given(inputs, st.randoms())
def test_the_order_of_what_was_said_does_not_matter(raw: dict[str, Any], dice: Any):
    shuffled = {
        key: dice.sample(value, len(value)) if isinstance(value, list) else value
        for key, value in raw.items()
    }
    first, second = (triage(shipped_rules(), parse_answers(each)) for each in (raw, shuffled))
    assert first == second
