"""A date of birth or an age, as people write it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.enums import MINORS, AgeBand
from intake.forms.born import age_band_of

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("typed", "band"),
    [
        ("17", AgeBand.AGE_16_17),
        ("she is 15 years old", AgeBand.UNDER_16),
        ("8 months", AgeBand.UNDER_16),
        ("18", AgeBand.AGE_18_64),
        ("65", AgeBand.AGE_65_PLUS),
        ("22 11 2008", AgeBand.AGE_18_64),  # eighteen today
        ("23/11/2008", AgeBand.AGE_16_17),  # eighteen tomorrow
        ("3.5.11", AgeBand.UNDER_16),
        ("3.5.71", AgeBand.AGE_18_64),
        ("2011-05-03", AgeBand.UNDER_16),
        ("3 May 2011", AgeBand.UNDER_16),
        ("3rd of September 1961", AgeBand.AGE_65_PLUS),
        ("11/27/2008", AgeBand.AGE_16_17),
        ("2008", AgeBand.AGE_16_17),  # perhaps not eighteen yet
        ("born 1990", AgeBand.AGE_18_64),
        ("29 2 2008", AgeBand.AGE_18_64),
    ],
)
def test_it_is_read(typed: str, band: AgeBand) -> None:
    assert age_band_of(typed, TODAY) == band


@pytest.mark.parametrize(
    "typed",
    ["", "fifteen", "31 2 2009", "1 1 2031", "400", "in her 30s or 40s", "9" * 30, "1 2", "0 0 0", "²"],
)
def test_what_makes_no_sense_is_left_to_people(typed: str) -> None:
    assert age_band_of(typed, TODAY) is None


@given(st.text(max_size=200))
def test_nothing_that_is_typed_breaks_it(typed: str) -> None:
    age_band_of(typed, TODAY)


@given(st.integers(min_value=0, max_value=18 * 365))
def test_nobody_under_18_is_missed_however_the_date_is_written(days: int) -> None:
    born = TODAY - timedelta(days=days)
    for typed in (f"{born:%d %m %Y}", f"{born:%-d %B %Y}", born.isoformat(), f"{born:%d/%m/%y}"):
        assert age_band_of(typed, TODAY) in MINORS
