"""One row of a list: strict where a slip could harm somebody, forgiving everywhere else."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.enums import CallerRole
from intake.enums import Timing
from intake.imports import MEANINGS, RowError, read_row, row_keys

ADA = {"name": "Ada Example", "phone": "07700 900123"}
SITE = "a-site"


def test_a_number_or_an_address_is_enough() -> None:
    row = read_row({"phone": "07700 900123"})
    assert row.answers.enquirer == CallerRole.SELF
    assert row.contact.safe_ways == {"call"}
    assert read_row({"email": "ada@example.org"}).contact.safe_ways == {"email"}


def test_nobody_who_could_not_be_reached_is_imported() -> None:
    with pytest.raises(RowError) as refused:
        read_row({"name": "Ada Example", "free_text": "Help"})
    assert "phone number or an e-mail address" in " ".join(refused.value.problems)


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ("Self", CallerRole.SELF),
        ("Mother", CallerRole.LOVED_ONE),
        ("loved_one", CallerRole.LOVED_ONE),
        ("Loved one", CallerRole.LOVED_ONE),
        ("GP", CallerRole.PROFESSIONAL),
    ],
)
def test_who_asks_is_read_in_the_usual_words(said: str, who: CallerRole) -> None:
    assert read_row(ADA | {"enquirer": said}).answers.enquirer == who


@pytest.mark.parametrize(
    "cells", [{"enquirer": "neighbour"}, {"ways": "pigeon"}, {"ways": "none, call"}, {"phone": "7.7009E+09"}]
)
def test_a_slip_that_could_harm_somebody_is_refused_without_repeating_it(cells: dict[str, str]) -> None:
    with pytest.raises(RowError) as refused:
        read_row(ADA | cells)
    assert not any(word in str(refused.value) for word in ("neighbour", "pigeon", "07700"))


@pytest.mark.parametrize(
    ("said", "safe"),
    [
        ("call; SMS", {"call", "text"}),
        ("E-mail", {"email"}),
        ("none", set()),
        ("do not contact", set()),
        ("Letter + voicemail", {"post", "voicemail"}),
    ],
)
def test_only_the_ways_that_the_row_names_are_safe(said: str, safe: set[str]) -> None:
    row = read_row(ADA | {"email": "ada@example.org", "ways": said})
    assert row.contact.safe_ways == safe
    assert row.contact.stated_ways == safe


def test_what_is_used_is_known_or_kept_in_its_words() -> None:
    row = read_row(ADA | {"substances": "Alcohol, ghb_gbl / Blues", "free_text": "Since May."})
    assert {str(each.name) for each in row.answers.substances} == {"alcohol", "ghb_gbl"}
    assert row.answers.free_text == "Since May.\nWhat is used: Blues"


def test_when_it_should_start_is_known_or_kept_in_its_words() -> None:
    assert read_row(ADA | {"timing": "now"}).answers.timing == Timing.NOW
    assert read_row(ADA | {"timing": "after Easter"}).answers.free_text == "When: after Easter"


def test_a_row_is_known_again_by_the_other_systems_number() -> None:
    one, changed = ADA | {"key": "17"}, ADA | {"key": "17", "free_text": "More"}
    assert row_keys(SITE, one) == row_keys(SITE, changed)
    assert row_keys(SITE, one) != row_keys(SITE, ADA | {"key": "18"})
    assert row_keys(SITE, one) != row_keys("another", one)


def test_without_such_a_number_by_all_that_it_says() -> None:
    assert row_keys(SITE, ADA) == row_keys(SITE, {"email": "", **ADA})
    assert row_keys(SITE, ADA) != row_keys(SITE, ADA | {"name": "Bo Example"})
    assert "900123" not in "".join(row_keys(SITE, ADA))
    assert all(len(key) <= 100 for key in row_keys("x" * 36, ADA))


@given(st.dictionaries(st.sampled_from(sorted(MEANINGS)), st.text(max_size=40)))
def test_no_row_breaks_the_reader(cells: dict[str, str]) -> None:
    with contextlib.suppress(RowError):
        row = read_row(cells)
        assert row.contact.has_phone or row.contact.has_email
