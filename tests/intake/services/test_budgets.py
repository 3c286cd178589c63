"""Budgets: counted in the real cache; without it everybody is let through."""

from typing import Any

import pytest
from django.core.cache import cache

from intake.services.budgets import count_enquiry, counters, is_over_budget

pytestmark = pytest.mark.usefixtures("budgets")
ADA, BOB = "a" * 32, "b" * 32


def send(times: int, visitor: str = ADA, form: str = "urgent") -> list[str]:
    """Count so many enquiries and return the flags of the last."""
    return [count_enquiry(visitor=visitor, form=form) for _ in range(times)][-1]


def test_within_the_budget_nothing_is_odd() -> None:
    assert send(3) == []


def test_the_next_one_is_one_too_many() -> None:
    assert send(4) == ["ADDRESS_BUDGET"]


def test_a_connection_has_one_budget_for_all_forms() -> None:
    send(3)
    assert send(1, form="prebooked") == ["ADDRESS_BUDGET"]


def test_another_connection_has_its_own() -> None:
    send(4)
    assert send(1, visitor=BOB) == []


def test_a_form_has_a_budget_for_all_connections() -> None:
    flags = [count_enquiry(visitor=f"{n:032}", form="urgent") for n in range(7)]
    assert flags == [[]] * 6 + [["FORM_BUDGET"]]
    assert send(1, form="prebooked") == []


def test_a_visitor_who_cannot_be_told_apart_counts_for_the_form_alone() -> None:
    assert send(6, visitor="") == []
    assert send(1, visitor="") == ["FORM_BUDGET"]


def test_a_budget_starts_anew_after_its_time() -> None:
    send(4)
    key = cache.make_and_validate_key(f"budget:address:{ADA}")
    client = cache._cache.get_client()
    assert 0 < client.ttl(key) <= 60 * 60
    client.delete(key)  # what the cache does then
    assert send(1) == []


def test_counting_goes_on_does_not_put_off_the_end() -> None:
    send(1)
    client, key = cache._cache.get_client(), cache.make_and_validate_key(f"budget:address:{ADA}")
    client.expire(key, 5)
    send(1)
    assert client.ttl(key) <= 5


@pytest.mark.parametrize("sent", [0, 2, 3, 9])
def test_a_form_asks_before_it_is_shown(sent: int) -> None:
    if sent:
        send(sent)
    assert is_over_budget(ADA) == (sent >= 3)
    assert not is_over_budget("")


def test_no_limit_is_no_limit(settings: Any) -> None:
    settings.BUDGET_PER_ADDRESS = settings.BUDGET_PER_FORM = 0
    assert send(50) == []
    assert not is_over_budget(ADA)


def test_nobody_is_counted_while_the_cache_is_away(no_cache: None) -> None:
    assert send(50) == ["NOT_COUNTED"]
    assert not is_over_budget(ADA)
    assert counters().tally(["anything"]) is None
