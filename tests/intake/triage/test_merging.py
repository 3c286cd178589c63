"""Answers that come later: together with the first ones they are never less serious."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.triage.answers import MOST_SUBSTANCES, Answers, parse_answers
from intake.triage.merging import LISTS, SERIOUSNESS, merged
from tests.intake.triage.test_monotonic import inputs, unhurried


def together(first: dict[str, Any], later: dict[str, Any]) -> Answers:
    return merged(parse_answers(first), parse_answers(later))


@pytest.mark.parametrize(
    ("name", "milder", "worse"),
    [
        ("suicide", "unknown", "none_disclosed"),
        ("suicide", "none_disclosed", "thoughts_safe_now"),
        ("suicide", "plan_or_means", "not_safe_now"),
        ("age_band", "18_64", "under_16"),
        ("pregnancy", "no", "yes"),
        ("tolerance_break", "none", "prison_28d"),
    ],
)
def test_a_more_serious_answer_replaces_a_milder_one_and_never_the_other_way(
    name: str, milder: str, worse: str
) -> None:
    assert getattr(together({name: milder}, {name: worse}), name) == worse
    assert getattr(together({name: worse}, {name: milder}), name) == worse


def test_lists_are_united_and_words_are_kept() -> None:
    both = together(
        {"symptoms": ["tremor"], "free_text": "It is bad"},
        {"symptoms": ["tremor", "jaundice"], "free_text": "Worse now"},
    )
    assert both.symptoms == ("tremor", "jaundice")
    assert both.free_text == "It is bad\nWorse now"
    assert merged(both, parse_answers({"free_text": "Worse now"})).free_text == both.free_text


def test_words_that_hold_all_that_was_said_before_are_not_told_twice() -> None:
    first, later = parse_answers({"free_text": "It is bad"}), parse_answers({"free_text": "It is bad\nWorse"})
    assert merged(first, later).free_text == merged(later, first).free_text == "It is bad\nWorse"


def test_a_word_inside_another_one_is_not_lost() -> None:
    first, later = parse_answers({"free_text": "no"}), parse_answers({"free_text": "I know"})
    assert merged(first, later).free_text == "no\nI know"


def test_what_is_said_later_of_a_substance_belongs_to_it() -> None:
    first = {"substances": [{"name": "alcohol", "status": "stopped"}, {"name": "crack"}]}
    later = {"substances": [{"name": "alcohol", "status": "using", "freq": "daily", "hours_since_last": 12}]}
    alcohol, crack = together(first, later).substances
    assert (alcohol.status, alcohol.freq, alcohol.hours_since_last) == ("stopped", "daily", 12)
    assert crack.name == "crack"


def test_how_long_ago_stays_as_it_was_said_first() -> None:
    said = [{"substances": [{"name": "ghb_gbl", "hours_since_last": hours}]} for hours in (2, 300, None)]
    assert together(said[0], said[1]).substances[0].hours_since_last == 2
    assert together(said[2], said[1]).substances[0].hours_since_last == 300


@pytest.mark.parametrize(
    ("first", "later", "stays"),
    [
        ((14, "uk_units"), (30, "uk_units"), (30, "uk_units")),
        ((30, "uk_units"), (14, "uk_units"), (30, "uk_units")),
        ((None, None), (14, "uk_units"), (14, "uk_units")),
        ((2, "g"), (900, "mg"), (2, "g")),
    ],
)
def test_of_two_amounts_the_larger_one_stays(first: Any, later: Any, stays: Any) -> None:
    uses = [{"substances": [{"name": "other", "amount_per_day": n, "unit": u}]} for n, u in (first, later)]
    substance = together(*uses).substances[0]
    assert (substance.amount_per_day, substance.unit) == stays


def test_who_is_asking_stays_as_it_was_said_first() -> None:
    assert together({"enquirer": "loved_one"}, {"enquirer": "self"}).enquirer == "loved_one"


def test_a_wish_is_the_latest_one_and_stays_when_nothing_is_said_of_it() -> None:
    assert together({"timing": "now"}, {"timing": "within_2_weeks"}).timing == "within_2_weeks"
    assert together({"timing": "now"}, {"pregnancy": "no"}).timing == "now"


def test_a_time_that_nobody_gave_stays_so_until_somebody_gives_one() -> None:
    assumed = {"timing": "now", "timing_assumed": True}
    more = together(assumed, {"pregnancy": "no"})
    assert (more.timing, more.timing_assumed) == ("now", True)
    assert merged(more, parse_answers(more.to_dict())).timing_assumed
    assert not merged(more, parse_answers({"timing": "now"})).timing_assumed


def test_somebody_who_was_said_not_to_agree_does_not_agree_because_of_a_later_tick() -> None:
    mother = {"enquirer": "loved_one"}
    assert together(mother | {"person_aware": "no"}, mother | {"person_aware": "yes"}).person_aware == "no"
    assert together(mother, mother | {"person_aware": "yes"}).person_aware == "yes"


def test_more_substances_than_answers_can_hold_are_no_error() -> None:
    many = {"substances": [{"name": "crack"}] * MOST_SUBSTANCES}
    assert len(together(many, {"substances": [{"name": "alcohol"}]}).substances) == MOST_SUBSTANCES


@unhurried
@given(inputs, st.lists(inputs, max_size=3))
def test_nothing_that_was_said_is_lost_and_nothing_gets_milder(
    first: dict[str, Any], later: list[dict[str, Any]]
) -> None:
    answers = parse_answers(first)
    for said in later:
        both = merged(answers, parse_answers(said))
        for name in LISTS:
            assert {*getattr(answers, name), *said[name]} == set(getattr(both, name))
        for name, order in SERIOUSNESS.items():
            assert order.index(getattr(both, name)) >= order.index(getattr(answers, name))
        assert {use.name for use in answers.substances} <= {use.name for use in both.substances}
        assert merged(both, parse_answers(said)) == both
        answers = both
