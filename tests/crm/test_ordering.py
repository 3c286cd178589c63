"""What weights may do to the order: move a lead a little, and never past its level."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.enums import Level
from crm.models.policy import MOST
from crm.ordering import Standing, Weights, factors, furthest_shift, percent_of, place_in_words, shift_of
from crm.targets import respond_by, target_minutes

PERCENT = st.integers(0, MOST)
WEIGHTS = st.builds(Weights, PERCENT, PERCENT, PERCENT, PERCENT, PERCENT, PERCENT)
STANDINGS = st.builds(
    Standing,
    st.integers(1, 9),
    st.integers(0, 9),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["", "now", "within_72h", "within_2_weeks", "flexible"]),
)
LEVELS = st.sampled_from(list(Level))
AT = datetime(2027, 1, 4, 9, tzinfo=UTC)


def place(
    level: Level, standing: Standing, weights: Weights, received_at: datetime = AT
) -> tuple[int, object]:
    """Return where a lead stands that nobody has reached: its band, and its moment in it."""
    moved = timedelta(seconds=shift_of(level, standing, weights))
    return level.band.value, respond_by(level, received_at) + moved


@given(STANDINGS, WEIGHTS, LEVELS)
def test_no_weights_move_a_lead_by_more_than_a_quarter_of_its_promise(
    standing: Standing, weights: Weights, level: Level
) -> None:
    moved = abs(shift_of(level, standing, weights))
    assert moved <= target_minutes(level) * 60 / 4
    assert timedelta(seconds=moved) <= furthest_shift(level.queue)


@given(LEVELS, LEVELS, STANDINGS, STANDINGS, WEIGHTS)
def test_of_two_who_come_at_once_the_more_severe_level_always_stands_first(
    one: Level, other: Level, standing: Standing, others: Standing, weights: Weights
) -> None:
    if one.rank < other.rank:
        assert place(one, standing, weights) < place(other, others, weights)


@given(st.sampled_from([Level.E1, Level.E2]), LEVELS, STANDINGS, STANDINGS, WEIGHTS, st.integers(0, 90))
def test_no_weight_and_no_delay_puts_anybody_above_an_emergency(
    emergency: Level, other: Level, standing: Standing, others: Standing, weights: Weights, days: int
) -> None:
    waiting_for_long = AT - timedelta(days=days)
    if emergency.rank < other.rank:
        assert place(emergency, standing, weights) < place(other, others, weights, waiting_for_long)


@given(STANDINGS, WEIGHTS)
def test_each_factor_moves_the_way_that_it_says(standing: Standing, weights: Weights) -> None:
    found = factors(standing, weights)
    assert [abs(each.percent) for each in found] == sorted(
        (abs(each.percent) for each in found), reverse=True
    )
    assert all((each.percent > 0) == each.words.startswith("tried") for each in found)
    assert -MOST <= percent_of(standing, weights) <= MOST


@settings(max_examples=50)
@given(STANDINGS, WEIGHTS)
def test_to_be_heard_of_again_never_moves_a_lead_back(standing: Standing, weights: Weights) -> None:
    again = Standing(standing.enquiries + 1, standing.tries, True, standing.is_worse, standing.timing)
    assert percent_of(again, weights) <= percent_of(standing, weights)


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (Standing(), ""),
        (Standing(enquiries=2), "Stands 3 minutes earlier: enquired again"),
        (Standing(tries=2), "Stands 1 minute later: tried twice"),
        (
            Standing(enquiries=2, wants_sooner=True),
            "Stands 7 minutes earlier: asks to be called sooner, enquired again",
        ),
    ],
)
def test_a_row_says_why_it_does_not_stand_by_its_time(standing: Standing, words: str) -> None:
    shift = shift_of(Level.U1, standing, Weights())
    assert place_in_words(shift, standing, Weights()) == words


def test_a_lead_that_was_not_moved_yet_claims_nothing() -> None:
    assert place_in_words(0, Standing(enquiries=3), Weights()) == ""
