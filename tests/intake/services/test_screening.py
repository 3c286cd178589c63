"""Suspicion sends to review; it never turns anybody away."""

from typing import Any

import pytest
import time_machine

from intake.services.screening import new_trap, review_reason, screening_flags, text_flags


@pytest.fixture
def clock() -> Any:
    with time_machine.travel("2026-03-01 12:00:00+00:00", tick=False) as traveller:
        yield traveller


def flags(trap: str, honeypot: str = "", free_text: str = "") -> list[str]:
    return screening_flags(honeypot=honeypot, trap=trap, free_text=free_text)


def test_a_person_takes_a_while(clock: Any) -> None:
    trap = new_trap()
    clock.shift(5)
    assert flags(trap) == []


def test_a_machine_does_not(clock: Any) -> None:
    assert flags(new_trap()) == ["TOO_FAST"]


@pytest.mark.parametrize("trap", ["", "12345", "1772366400:forged", "\x00", "é"])
def test_a_form_without_its_time_stamp_is_noted(trap: str) -> None:
    assert flags(trap) == ["NO_TRAP"]


def test_a_field_that_people_cannot_see_was_filled_in(clock: Any) -> None:
    trap = new_trap()
    clock.shift(5)
    assert flags(trap, honeypot="http://spam.example") == ["HONEYPOT"]
    assert flags(trap, honeypot="  ") == []


@pytest.mark.parametrize(
    ("words", "odd"), [("see https://a.example", True), ("www.a.example", False), ("", False)]
)
def test_links_are_noted(words: str, odd: bool) -> None:
    assert text_flags(words) == (["HAS_LINK"] if odd else [])


@pytest.mark.parametrize(
    ("found", "reviewed"),
    [
        ([], False),
        (["TOO_FAST"], False),
        (["NO_TRAP"], False),
        (["HAS_LINK"], False),
        (["HONEYPOT"], True),
        (["TOO_FAST", "HAS_LINK"], True),
        (["NO_TRAP", "HAS_LINK"], True),
    ],
)
def test_haste_or_a_link_alone_is_no_reason_for_review(found: list[str], reviewed: bool) -> None:
    assert bool(review_reason(found)) == reviewed
