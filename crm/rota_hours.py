"""Staffed hours of a site that keeps a rota: its shifts, for as far as it is planned (docs/adr/0008).

Beyond the week of the last shift the weekly opening times say what is likely. A planned week in which nobody
is on shift is a week in which nobody is there.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from crm.opening import FURTHEST, OpeningHours

Span = tuple[datetime, datetime]
NOTHING_PLANNED = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class RotaHours(OpeningHours):
    """The shifts of people until `planned_until`, and `weekly` from then on."""

    spans: tuple[Span, ...] = ()
    planned_until: datetime = NOTHING_PLANNED
    weekly: OpeningHours = field(default_factory=lambda: OpeningHours("UTC"))

    def is_staffed(self, at: datetime) -> bool:
        """Return whether somebody is on shift at this moment."""
        return self._ends_of(at) != [] or (at >= self.planned_until and self.weekly.is_staffed(at))

    def next_opening(self, at: datetime) -> datetime | None:
        """Return when somebody is there: `at` itself if they are, None if nobody comes within a year."""
        if self.is_staffed(at):
            return at
        later = [begins for begins, _ in self.spans if begins > at]
        after = self.weekly.next_opening(max(at, self.planned_until))
        return min([*later, after] if after else later, default=None)

    def staffed_until(self, at: datetime) -> datetime | None:
        """Return when the last person leaves whom a caller at this moment could reach; None for never."""
        until = at
        while self.is_staffed(until):
            ends = self._ends_of(until)
            end = max(ends) if ends else self.weekly.staffed_until(until)
            if end is None or end - at > timedelta(days=FURTHEST):
                return None
            until = end
        return until

    def _ends_of(self, at: datetime) -> list[datetime]:
        return [ends for begins, ends in self.spans if begins <= at < ends]
