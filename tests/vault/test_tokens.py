import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings as django_settings
from hypothesis import given
from hypothesis import strategies as st

from vault.keysets import with_added_key, with_latest_primary
from vault.tokens import (
    email_search,
    email_tokens,
    name_search,
    name_tokens,
    name_words,
    phone_search,
    phone_tokens,
    token,
    tokens_for_search,
)


def finds(query: str, name: str) -> bool:
    """Return whether a search for the query would find somebody of that name."""
    held = set(name_tokens(name))
    searched = name_search(query)
    return bool(searched) and all(held & set(word) for word in searched)


def test_a_token_is_the_same_every_time_and_fits_a_bigint() -> None:
    assert token("name", "ada") == token("name", "ada")
    assert -(2**63) <= token("name", "ada") < 2**63


def test_a_token_depends_on_the_value_the_kind_and_the_key(settings: Any) -> None:
    before = token("name", "ada")
    assert before not in {token("name", "adb"), token("email", "ada"), token("nameada", "")}
    settings.VAULT_KEYSETS = with_latest_primary(
        with_added_key(settings.VAULT_KEYSETS, name="prf"), name="prf"
    )
    assert token("name", "ada") != before


def test_tokens_are_the_same_in_another_process() -> None:
    code = "import django; django.setup(); from vault.tokens import token; print(token('name', 'ada'))"
    other = subprocess.run(
        [sys.executable, "-c", code],
        env={
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "VAULT_KEYSETS": django_settings.VAULT_KEYSETS,
        },
        capture_output=True,
        check=True,
        text=True,
    )
    assert int(other.stdout) == token("name", "ada")


def test_rows_from_before_a_rotation_are_still_found(settings: Any) -> None:
    old = set(phone_tokens("+447700900123") + email_tokens("ada@example.org") + name_tokens("Ada"))
    settings.VAULT_KEYSETS = with_latest_primary(
        with_added_key(settings.VAULT_KEYSETS, name="prf"), name="prf"
    )
    new = set(phone_tokens("+447700900123") + email_tokens("ada@example.org") + name_tokens("Ada"))
    for searched in (phone_search("+447700900123"), email_search("ada@example.org"), name_search("Ada")[0]):
        assert old & set(searched)
        assert new & set(searched)
    assert not old & new


@pytest.mark.parametrize(
    ("query", "name", "found"),
    [
        ("Ada", "Ada Lovelace", True),
        ("love", "Ada Lovelace", True),
        ("lovelace ada", "Ada Lovelace", True),
        ("ada byron", "Ada Lovelace", False),
        ("Lov", "Ada Lovelace", True),
        ("Lo", "Ada Lovelace", False),  # two letters find only a name of two letters
        ("Li", "Li Wei", True),
        ("zoe", "Zoë O’Hare", True),
        ("ZOË", "Zoe Ohare", True),
        ("o'hare", "Zoë O’Hare", True),
        ("hare", "Zoë O’Hare", True),
        ("strasse", "Jo Straße", True),
        ("Featherstonehaugh", "Kim Featherstonehaugh-Cholmondeley", True),
        ("李明", "李明", True),
        ("", "Ada", False),
        ("👩‍👧", "👩‍👧", False),
    ],
)
def test_a_name_is_found_by_the_beginnings_of_its_words(query: str, name: str, found: bool) -> None:
    assert finds(query, name) is found


@given(name=st.text(max_size=60))
def test_every_name_with_a_letter_finds_itself(name: str) -> None:
    assert finds(name, name) is bool(name_words(name))


@given(name=st.text(max_size=60))
def test_normalising_twice_changes_nothing(name: str) -> None:
    assert name_words(" ".join(name_words(name))) == name_words(name)


def test_an_endless_name_costs_a_bounded_number_of_tokens() -> None:
    assert len(name_tokens("abcdefghijklmnop " * 10_000)) == 10
    assert len(name_tokens(" ".join(f"{n:05}abcdefgh" for n in range(1000)))) <= 20 * 10


@pytest.mark.parametrize("typed", ["+447700900123", "+44 7700 900 123", "(+44) 7700-900123"])
def test_a_phone_number_is_compared_by_its_digits(typed: str) -> None:
    assert phone_tokens(typed) == phone_tokens("447700900123") != []


@pytest.mark.parametrize("typed", [" Ada@Example.ORG ", "ada@example.org"])
def test_an_address_is_compared_without_case(typed: str) -> None:
    assert email_tokens(typed) == email_tokens("ada@example.org") != []


@pytest.mark.parametrize("blank", ["", "  "])
def test_blanks_have_no_tokens(blank: str) -> None:
    assert name_tokens(blank) == phone_tokens(blank) == email_tokens(blank) == []
    assert [*name_search(blank), *phone_search(blank), *email_search(blank)] == []


def test_half_a_surrogate_pair_does_no_harm() -> None:
    assert tokens_for_search("name", "ada\ud83d") == tokens_for_search("name", "ada?")
