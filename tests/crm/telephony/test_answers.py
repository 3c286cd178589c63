"""What counts as a yes to an alert, and what is for a person to read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.references import new_reference
from crm.telephony.answers import TextAnswer, read_answer
from crm.telephony.news import STOP_WORDS, keyword_of

REFERENCE = "7KX3-9QF2"


@pytest.mark.parametrize(
    "text", ["1", "YES", "yes", " Yes. ", "Y", "1!", "yes please", "１", "1 1", "Yes, thanks"]
)
def test_a_yes(text: str) -> None:
    assert read_answer(text) == TextAnswer("")


@pytest.mark.parametrize(
    "text", ["1 7KX3-9QF2", "YES 7kx3 9qf2", "7KX3-9QF2", "7kx39qf2 1", "1: 7KX3–9QF2.", "yes 7KX3"]
)
def test_a_yes_that_names_its_alert(text: str) -> None:
    answer = read_answer(text)
    assert answer
    assert answer.means(REFERENCE)
    assert not answer.means("9KX3-7QF2")


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "?", "2", "0", "11", "no", "STOP", "start", "1 more question", "yes I drank again"),
        *("thanks", "please", "1 7KX", "1 7KX3-9QF2-7", "1 7KX3-9QF2 2MB4-7TTT", "call me on 07700 900123"),
    ],
)
def test_anything_else_is_for_a_person_to_read(text: str) -> None:
    assert read_answer(text) is None


@given(st.text(max_size=40))
def test_nothing_that_asks_to_stop_is_ever_a_yes(text: str) -> None:
    for word in STOP_WORDS:
        assert read_answer(word) is None
    if keyword_of(text) is not None:
        assert read_answer(text) is None


@given(st.sampled_from(["1 ", "yes ", ""]), st.integers(4, 8))
def test_any_reference_can_be_named_by_half_of_it_or_more(yes: str, length: int) -> None:
    reference = new_reference()
    answer = read_answer(yes + reference.replace("-", "")[:length].lower())
    assert answer
    assert answer.means(reference)
