"""Safe times in people's own words: read in full, or left to a person."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.safe_times import A_WEEK, next_safe, slot_at, slots_of, slots_said

LONDON = "Europe/London"
EVERY_DAY, WEEKDAYS, WEEKEND = range(7), range(5), (5, 6)


def slots(days: object, begin: float, end: float) -> list[int]:
    return [day * 48 + slot for day in days for slot in range(int(begin * 2), int(end * 2))]


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("after 6pm", slots(EVERY_DAY, 18, 24)),
        ("After 6.30 p.m.", slots(EVERY_DAY, 18.5, 24)),
        ("weekdays after 18:00", slots(WEEKDAYS, 18, 24)),
        ("after 6pm on weekdays please", slots(WEEKDAYS, 18, 24)),
        ("Mon-Fri 9am-5pm", slots(WEEKDAYS, 9, 17)),
        ("Monday to Friday, 9am to 5pm", []),  # the halves might not belong together
        ("Fri to Mon 9am to 5pm", slots((0, 4, 5, 6), 9, 17)),
        ("between 9am and 12pm", slots(EVERY_DAY, 9, 12)),
        ("9-11am", slots(EVERY_DAY, 9, 11)),
        ("mornings", slots(EVERY_DAY, 8, 12)),
        ("weekday evenings", slots(WEEKDAYS, 17, 21)),
        ("Weekends only", slots(WEEKEND, 0, 24)),
        ("tue 10:00-12:00 or thu 14:00-16:00", slots((1,), 10, 12) + slots((3,), 14, 16)),
        ("10:15 to 11:45", slots(EVERY_DAY, 10.5, 11.5)),
        ("before 8am", slots(EVERY_DAY, 0, 8)),
        ("Mon to Mon 9am to 5pm", slots((0,), 9, 17)),
        ("12am to 6am", slots(EVERY_DAY, 0, 6)),
        ("00:00 to 06:00", slots(EVERY_DAY, 0, 6)),
        ("sunday, tuesday to thursday", slots((1, 2, 3, 6), 0, 24)),
    ],
)
def test_what_is_understood_is_read_as_half_hours(said: str, read: list[int]) -> None:
    assert slots_of(said) == read


@pytest.mark.parametrize("said", ["", "   ", "any time", "Anytime", "whenever."])
def test_no_restriction_is_none(said: str) -> None:
    assert slots_of(said) is None


@pytest.mark.parametrize(
    "said",
    [
        "after 6",
        "between 9 and 12",
        "9-5",
        "when he is at work",
        "not after 6pm",
        "never before 10am",
        "not weekends",
        "after the children are asleep",
        "9pm to 6am",
        "weekdays, after 6pm",
        "6pm to 8pm or saturdays",
        "after 25:00",
        "ring 07700 900123 first",
        "mornings but not Monday",
        "before 24:30",
        "20:00 to 24:15",
        "after 12am",  # not the whole day
        "from 00:00",
        "sunday tuesday to thursday",  # Monday is not said
        "fri mon to wed",
        "weekends tuesday to thursday",
        "weekdays to sunday",
    ],
)
def test_what_may_mean_two_things_is_for_a_person_to_read(said: str) -> None:
    assert slots_of(said) == []


def test_a_note_is_for_a_person_to_read_unless_the_times_are_clear() -> None:
    assert slots_said("", "") is None
    assert slots_said("", "Only when my son is out") == []
    assert slots_said("after 6pm", "Ask for Jo") == slots(EVERY_DAY, 18, 24)
    assert slots_said("after 6", "") == []


WORDS = st.sampled_from(
    [
        "not",
        "after",
        "before",
        "6pm",
        "18:00",
        "9am",
        "to",
        "and",
        "or",
        ",",
        "weekdays",
        "mon",
        "friday",
        "sunday",
        "24:30",
        "12am",
        "mornings",
        "except",
        "noon",
        "6",
        "-",
        "between",
    ]
)


@settings(deadline=None)
@given(st.lists(WORDS, max_size=7).map(" ".join) | st.text(max_size=40))
def test_any_text_is_read_without_an_error_and_a_denial_never_as_a_time(said: str) -> None:
    read = slots_of(said)
    assert read is None or all(0 <= slot < A_WEEK for slot in read)
    if {"not", "except"} & set(said.split()):
        assert read == []


@pytest.mark.parametrize(
    ("at", "slot"),
    [
        (datetime(2027, 1, 4, 0, 0, tzinfo=UTC), 0),
        (datetime(2027, 1, 4, 18, 29, tzinfo=UTC), 36),
        (datetime(2027, 7, 5, 17, 30, tzinfo=UTC), 37),  # British Summer Time
        (datetime(2027, 1, 3, 23, 59, tzinfo=UTC), A_WEEK - 1),
    ],
)
def test_a_moment_is_in_the_half_hour_that_the_site_shows(at: datetime, slot: int) -> None:
    assert slot_at(at, LONDON) == slot


@settings(deadline=None, max_examples=50)
@given(
    st.sets(st.integers(0, A_WEEK - 1), min_size=1, max_size=9),
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_the_next_safe_time_is_safe_and_nothing_before_it_is(safe: set[int], at: datetime) -> None:
    found = next_safe(safe, at, LONDON)
    assert found is not None
    assert at < found <= at + timedelta(days=14)  # the one half hour of the week may be one that is skipped
    assert slot_at(found, LONDON) in safe
    between = int((found - at) / timedelta(minutes=30))
    skipped = [found - timedelta(minutes=30 * number) for number in range(1, between + 1)]
    assert not {slot_at(moment, LONDON) for moment in skipped if moment > at} & safe


def test_nothing_safe_has_no_next_time() -> None:
    assert next_safe([], datetime(2027, 1, 4, tzinfo=UTC), LONDON) is None
