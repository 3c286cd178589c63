"""Stretches of time in which nobody is on a rota. Pure."""

from collections.abc import Iterable, Iterator
from datetime import datetime

Span = tuple[datetime, datetime]


def gaps(covered: Iterable[Span], begins: datetime, ends: datetime) -> Iterator[Span]:
    """Yield the stretches between two moments that none of the spans covers, in order."""
    free_from = begins
    for starts, until in sorted(covered):
        if starts >= ends:
            break
        if starts > free_from:
            yield free_from, starts
        free_from = max(free_from, until)
    if free_from < ends:
        yield free_from, ends
