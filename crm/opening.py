"""Staffed hours: is somebody on shift at a moment, and when is the next person there?

Pure: the rows come from crm.selectors.opening. Shifts are in the site's own time, so an hour that a change
of the clocks takes away or repeats makes a shift shorter or longer, as it does for the people on it.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
FURTHEST = 400  # days to look ahead: a year of closed dates, and a little more


@dataclass(frozen=True, slots=True)
class Shift:
    """One shift of the week (Monday is 0). It ends the next day if it closes no later than it opens."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """A site's staffed hours. Without shifts, and not `always`, nobody is ever there.

    `staffed_targets`: the levels whose promise counts staffed minutes only, with how many.
    """

    time_zone: str
    always: bool = True
    shifts: tuple[Shift, ...] = ()
    closed: frozenset[date] = frozenset()
    staffed_targets: Mapping[str, int] = field(default_factory=dict)

    def is_staffed(self, at: datetime) -> bool:
        """Return whether somebody is on shift at this moment."""
        return self.always or any(begins <= at < ends for begins, ends in self._around(at))

    def next_opening(self, at: datetime) -> datetime | None:
        """Return when somebody is there: `at` itself if they are, None if nobody comes within a year."""
        if self.is_staffed(at):
            return at
        return min((begins for begins, _ in self._first_day_after(at) if begins > at), default=None)

    def staffed_until(self, at: datetime) -> datetime | None:
        """Return when the last person leaves whom a caller at this moment could reach; None for never.

        Shifts that touch or overlap are one. Somebody must be on shift.
        """
        if self.always:
            return None
        until = at
        while ends := [end for begin, end in self._around(until) if begin <= until < end]:
            until = max(ends)
            if until - at > timedelta(days=FURTHEST):
                return None
        return until

    def after_staffed(self, at: datetime, span: timedelta) -> datetime | None:
        """Return when somebody will have been there for so long, None if that takes more than a year."""
        latest = at + timedelta(days=FURTHEST)
        while (begins := self.next_opening(at)) and begins < latest:
            ends = self.staffed_until(begins)
            if ends is None or ends - begins >= span:
                return begins + span
            at, span = ends, span - (ends - begins)
        return None

    def _around(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the shifts that could be going on: of the local day, and of the day before it."""
        today = at.astimezone(ZoneInfo(self.time_zone)).date()
        for days in (-1, 0):
            yield from self._of_day(today + days * DAY)

    def _first_day_after(self, at: datetime) -> list[tuple[datetime, datetime]]:
        """Return the shifts of the first day, from today on, that has one yet to begin."""
        today = at.astimezone(ZoneInfo(self.time_zone)).date()
        for days in range(FURTHEST):
            shifts = list(self._of_day(today + days * DAY))
            if any(begins > at for begins, _ in shifts):
                return shifts
        return []

    def _of_day(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        if day in self.closed:
            return
        for shift in self.shifts:
            if shift.weekday == day.weekday():
                begins = self._moment(day, shift.opens)
                ends = self._moment(day + DAY if shift.closes <= shift.opens else day, shift.closes)
                if begins < ends:  # an hour that the clocks skip may take a whole shift with it
                    yield begins, ends

    def _moment(self, day: date, clock: time) -> datetime:
        """Return when the clock on the wall shows a time; when the clocks change, if they skip it."""
        wall = datetime.combine(day, clock, tzinfo=ZoneInfo(self.time_zone))
        moment = wall.astimezone(UTC)
        if moment.astimezone(wall.tzinfo).time() == clock:
            return moment
        return _change_between(wall.replace(fold=1).astimezone(UTC), moment, wall.tzinfo)


def _change_between(before: datetime, after: datetime, zone: tzinfo | None) -> datetime:
    """Return the minute between two moments at which a zone's clocks are changed."""
    changed = after.astimezone(zone).utcoffset()
    minutes = range((after - before) // MINUTE + 1)
    ahead = bisect_left(
        minutes, True, key=lambda n: (before + n * MINUTE).astimezone(zone).utcoffset() == changed
    )
    return before + ahead * MINUTE
