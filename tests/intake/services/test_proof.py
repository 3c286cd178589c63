"""The sum of a visitor's device: good once, for one form, and no garbage breaks it."""

import base64
import json
from typing import Any

import altcha
import pytest
import time_machine
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st

from intake.services.proof import GOOD_FOR, new_challenge, proof_flags

KEY, OTHER = "0b5e0f7e-5a43-4b6e-9d0e-6c0f6d4a1b11", "0b5e0f7e-5a43-4b6e-9d0e-6c0f6d4a1b22"


@pytest.fixture(autouse=True)
def _nothing_used() -> None:
    cache.clear()


def solved(challenge: str | None = None, **changes: Any) -> str:
    """Return what a browser sends; `changes` are made to the challenge after it was solved."""
    given = altcha.Challenge.from_dict(json.loads(challenge or new_challenge()))
    solution = altcha.solve_challenge(given)
    assert solution
    payload = altcha.Payload(given, solution).to_dict()
    payload["challenge"]["parameters"] |= changes
    return base64.b64encode(json.dumps(payload).encode()).decode()


def test_a_solved_sum_counts() -> None:
    assert proof_flags(proof=solved(), key=KEY) == ["PROVED"]


def test_none_is_none() -> None:
    assert proof_flags(proof="", key=KEY) == []


def test_the_same_form_may_send_it_again() -> None:
    proof = solved()
    assert [proof_flags(proof=proof, key=KEY) for _ in range(3)] == [["PROVED"]] * 3


def test_another_form_may_not() -> None:
    proof = solved()
    proof_flags(proof=proof, key=KEY)
    assert proof_flags(proof=proof, key=OTHER) == ["PROOF_REPLAYED"]


def test_it_grows_old() -> None:
    proof = solved()
    with time_machine.travel(__import__("time").time() + GOOD_FOR + 60, tick=False):
        assert proof_flags(proof=proof, key=KEY) == ["PROOF_WRONG"]


@pytest.mark.parametrize("easier", [{"cost": 1}, {"keyPrefix": "00"}, {"expiresAt": 9999999999}])
def test_nobody_makes_it_easier(easier: dict[str, Any]) -> None:
    assert proof_flags(proof=solved(**easier), key=KEY) == ["PROOF_WRONG"]


def test_a_guess_is_wrong() -> None:
    guess = {"challenge": json.loads(new_challenge()), "solution": {"counter": 1, "derivedKey": "00" * 32}}
    proof = base64.b64encode(json.dumps(guess).encode()).decode()
    assert proof_flags(proof=proof, key=KEY) == ["PROOF_WRONG"]


@given(
    st.text(max_size=200)
    | st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["challenge", "solution", "parameters", "signature"]), inner)
        ),
        max_leaves=8,
    ).map(lambda data: base64.b64encode(json.dumps(data).encode()).decode())
)
def test_garbage_is_wrong_and_breaks_nothing(garbage: str) -> None:
    assert proof_flags(proof=garbage, key=KEY) in ([], ["PROOF_WRONG"])


def test_without_a_cache_a_solved_sum_counts(no_cache: None) -> None:
    proof = solved()
    assert [proof_flags(proof=proof, key=key) for key in (KEY, OTHER)] == [["PROVED"]] * 2
