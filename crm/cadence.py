"""When to try again somebody who was not reached: how often, how long after, and at which hours of the day.

Pure: the rows come from crm.selectors.call_backs. Most people who are ever reached are reached by the sixth
call, and not by six calls at the same hour.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from crm.enums import ContactMethod, Level, PartOfDay
from crm.opening import OpeningHours

# Minutes to wait after each vain try, as proposals; a site may have its own (ContactCadence).
SHIPPED: dict[Level, tuple[int, ...]] = {
    Level.E1: (5, 5, 10, 15, 30),
    Level.E2: (10, 10, 20, 30, 60),
    Level.U1: (20, 60, 240, 1440, 2880),
    Level.U2: (60, 240, 1440, 1440, 2880),
    Level.U3: (120, 360, 1440, 1440, 2880),
    Level.P1: (240, 1440, 1440, 1440, 2880),
    Level.P2: (1440, 1440, 1440, 2880),
}
HOURS = {PartOfDay.MORNING: (9, 12), PartOfDay.AFTERNOON: (12, 17), PartOfDay.EVENING: (17, 20)}
SPREAD_FROM = timedelta(hours=4)  # a shorter wait keeps its minute: the hour of the day is not what counts
EVERY_PART = frozenset(PartOfDay)
IS_A_TRY = frozenset({ContactMethod.CALL, ContactMethod.VOICEMAIL, ContactMethod.VISIT})
MOST_WAITS, LONGEST_WAIT = 20, 14 * 24 * 60  # the longest in minutes
HALF_HOUR = timedelta(minutes=30)
FURTHEST = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Cadence:
    """The waits between tries, in minutes; one more try than waits. `parts` are for the longer waits."""

    waits: tuple[int, ...]
    parts: frozenset[PartOfDay] = EVERY_PART

    @property
    def takes(self) -> timedelta:
        """Return how long it is from the first try to the last one, at least."""
        return timedelta(minutes=sum(self.waits))

    @property
    def most(self) -> int:
        """Return after how many vain tries somebody decides."""
        return len(self.waits) + 1

    def wait_after(self, tries: int) -> timedelta | None:
        """Return how long to wait after so many vain tries, None when there are to be no more."""
        return timedelta(minutes=self.waits[tries - 1]) if 0 < tries <= len(self.waits) else None


def next_try(
    *,
    at: datetime,
    wait: timedelta,
    tried: Iterable[datetime],
    hours: OpeningHours,
    parts: Collection[PartOfDay] = EVERY_PART,
) -> datetime:
    """Return when to try again: after the wait, when somebody is there, and at another time of the day.

    Only `parts` of the day are chosen from; `tried` is when it was tried before. Where no such hour comes
    within a week, the wait alone counts, from the next opening.
    """
    soonest = at + wait
    if wait < SPREAD_FROM:
        return hours.next_opening(soonest) or soonest
    wanted = _least_tried(tried, hours, parts)
    moments = (soonest + number * HALF_HOUR for number in range(FURTHEST // HALF_HOUR))
    fits = (moment for moment in moments if _part_of(moment, hours) in wanted and hours.is_staffed(moment))
    return next(fits, None) or hours.next_opening(soonest) or soonest


def spread(tries: int, days: int) -> tuple[int, ...]:
    """Return even waits for so many tries over so many days; from four hours on, in half hours."""
    each = days * 24 * 60 // (tries - 1)
    whole = each - each % 30 if each >= SPREAD_FROM // timedelta(minutes=1) else each
    return (min(max(whole, 1), LONGEST_WAIT),) * (tries - 1)


def tries_from(at: datetime, cadence: Cadence, hours: OpeningHours) -> list[datetime]:
    """Return when somebody would be tried, from a first try on, if each is in vain."""
    tries = [at]
    for minutes in cadence.waits:
        wait = timedelta(minutes=minutes)
        tries.append(next_try(at=tries[-1], wait=wait, tried=tries, hours=hours, parts=cadence.parts))
    return tries


def _least_tried(
    tried: Iterable[datetime], hours: OpeningHours, parts: Collection[PartOfDay]
) -> set[PartOfDay]:
    counts = Counter(part for moment in tried if (part := _part_of(moment, hours)))
    fewest = min(counts[part] for part in parts)
    return {part for part in parts if counts[part] == fewest}


def _part_of(moment: datetime, hours: OpeningHours) -> PartOfDay | None:
    hour = moment.astimezone(ZoneInfo(hours.time_zone)).hour
    return next((part for part, (begins, ends) in HOURS.items() if begins <= hour < ends), None)
