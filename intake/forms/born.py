"""Reading a date of birth or an age as people write it. What cannot be read is for people to read."""

import re
from datetime import date

from intake.enums import AgeBand

OLDEST = 120
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBERS = re.compile(r"[0-9]+")
_MONTH = re.compile(r"\b({})[a-z]*\b".format("|".join(MONTHS)))
_IN_MONTHS = re.compile(r"\b(weeks?|months?|days?)\b")


def age_band_of(typed: str, today: date) -> AgeBand | None:
    """Return the age band of "17", "27 3 2009", "3 May 2011", "2011-05-03" or "2009", None if none fits.

    Of a year alone the younger age counts, and so does "8 months": nobody under 18 is to be missed.
    """
    age = _age(typed.lower(), today)
    if age is None or not 0 <= age <= OLDEST:
        return None
    if age < 16:
        return AgeBand.UNDER_16
    if age < 18:
        return AgeBand.AGE_16_17
    return AgeBand.AGE_18_64 if age < 65 else AgeBand.AGE_65_PLUS


def _age(text: str, today: date) -> int | None:
    numbers = [int(each) for each in _NUMBERS.findall(text)]
    if month := _MONTH.search(text):
        number = MONTHS.index(month[1]) + 1
        numbers = [*numbers[:1], number, *numbers[1:]]
    elif len(numbers) == 1 and _IN_MONTHS.search(text):
        return 0
    if len(numbers) == 1:
        return numbers[0] if numbers[0] <= OLDEST else today.year - numbers[0] - 1
    born = _date(numbers, today) if len(numbers) == 3 else None
    if born is None or born > today:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _date(numbers: list[int], today: date) -> date | None:
    """Read day, month, year; or the year first; or, where nothing else makes sense, the month first."""
    first, second, third = numbers
    if first > 31:
        return _day(first, second, third)
    year = third if third > 99 else 2000 + third
    if year > today.year and third <= 99:
        year -= 100
    return _day(year, second, first) or _day(year, first, second)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
