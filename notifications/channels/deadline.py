"""A point in time by which a whole conversation has to be over, however slowly the other side speaks."""

import time


class Deadline:
    def __init__(self, seconds: float) -> None:
        self._ends_at = time.monotonic() + seconds

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._ends_at

    def left(self) -> float:
        """Return the seconds that are left. Raises TimeoutError when there are none."""
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left
