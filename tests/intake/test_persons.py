"""Numbers as libphonenumber reads them: a doubt is noted, and never costs a lead."""

import pytest

from crm.phone_numbers import read_phone


@pytest.mark.parametrize(
    "typed",
    [
        "07700900123",
        "07700 900 123",
        "+44 7700 900123",
        "0044 7700 900123",
        "(07700) 900-123",
        "tel:+447700900123",
    ],
)
def test_one_number_in_any_form_is_one_number(typed: str) -> None:
    assert read_phone(typed)[0] == "+447700900123"


@pytest.mark.parametrize(
    ("typed", "e164"),
    [
        ("01632 960001", "+441632960001"),
        ("+1 202 555 0143", "+12025550143"),
        ("+33 1 99 00 12 34", "+33199001234"),
    ],
)
def test_numbers_for_drama_and_from_abroad_are_kept(typed: str, e164: str) -> None:
    assert read_phone(typed)[0] == e164


@pytest.mark.parametrize("typed", ["4217", "116 123", "ask for Ada on 4217", "960001", "1" * 40, "\u202e07"])
def test_what_cannot_be_dialled_from_elsewhere_has_no_international_form(typed: str) -> None:
    assert read_phone(typed) == ("", True)


def test_a_good_number_raises_no_doubt() -> None:
    assert read_phone("020 8366 1177") == ("+442083661177", False)


def test_no_number_is_nothing_to_doubt() -> None:
    assert read_phone("") == ("", False)
