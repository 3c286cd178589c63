"""What changes a few times a year is read from the database every few seconds, not for every enquiry.

Each process keeps its own copy, so a change (another phone number, newly published rules or words) is seen
everywhere within FRESH_FOR seconds. What could not be read is not kept.
"""

import time
from collections.abc import Callable, Hashable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
Result = TypeVar("Result")

FRESH_FOR = 5.0  # seconds
MOST = 1000  # results a process keeps

_kept: dict[Hashable, tuple[float, object]] = {}


def remembered(read: Callable[P, Result]) -> Callable[P, Result]:
    """Let a function of hashable positional arguments answer from memory while its result is fresh."""

    @wraps(read)
    def answer(*args: P.args, **kwargs: P.kwargs) -> Result:
        key = (read, args)
        fresh_until, known = _kept.get(key, (0.0, None))
        if fresh_until > time.monotonic():
            return known  # type: ignore[return-value]  # what `read` returned for this key
        result = read(*args, **kwargs)
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[key] = (time.monotonic() + FRESH_FOR, result)
        return result

    return answer


def forget() -> None:
    """Read everything anew."""
    _kept.clear()
