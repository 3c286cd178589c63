"""Gaps in a rota, against a count of minutes."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from crm.rota_gaps import gaps

START = datetime(2026, 6, 15, tzinfo=UTC)
LENGTH = 60
spans = st.lists(st.tuples(st.integers(-20, 80), st.integers(1, 30)), max_size=8)


def moment(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


@given(spans)
def test_every_minute_is_covered_or_in_one_gap(found: list[tuple[int, int]]) -> None:
    covered = [(moment(begins), moment(begins + length)) for begins, length in found]
    free = list(gaps(covered, START, moment(LENGTH)))
    for minute in range(LENGTH):
        at = moment(minute)
        there = any(begins <= at < ends for begins, ends in covered)
        assert sum(begins <= at < ends for begins, ends in free) == (0 if there else 1)
    assert all(START <= begins < ends <= moment(LENGTH) for begins, ends in free)
    assert all(first[1] < second[0] for first, second in pairwise(free))


def test_nobody_at_all() -> None:
    assert list(gaps([], START, moment(LENGTH))) == [(START, moment(LENGTH))]
