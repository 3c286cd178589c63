"""Safe times as people write them, read as half hours of the week where every word is understood.

"Weekdays after 18:00" is understood; "when he is at work" is not, and neither is "after 6", which may be
either end of the day. What is not understood in full is for a person to read: to guess could cost somebody
their safety.
"""

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

HALF_HOUR = timedelta(minutes=30)
A_DAY = 48  # half hours
A_WEEK = 7 * A_DAY
EARLIEST, LATEST = 8 * 60, 21 * 60  # minutes: "mornings" begin and "evenings" end where a call is polite
DAYS = {
    "monday": {0},
    "tuesday": {1},
    "wednesday": {2},
    "thursday": {3},
    "friday": {4},
    "saturday": {5},
    "sunday": {6},
    "weekday": set(range(5)),
    "weekend": {5, 6},
    "everyday": set(range(7)),
}
SHORT_DAYS = {name[:3]: days for name, days in DAYS.items() if len(days) == 1}
SHORT_DAYS |= {"tues": {1}, "thur": {3}, "thurs": {3}, "weds": {2}}
PARTS = {
    "morning": (EARLIEST, 12 * 60),
    "afternoon": (12 * 60, 17 * 60),
    "evening": (17 * 60, LATEST),
    "daytime": (9 * 60, 17 * 60),
}
NAMED = {"noon": 12 * 60, "midday": 12 * 60, "midnight": 24 * 60}
CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(am|pm)?")
FILLER = {"on", "in", "the", "at", "only", "please", "every", "any"}
ANY_TIME = re.compile(r"any ?time|whenever|all day|no restrictions?")


def slots_of(text: str) -> list[int] | None:
    """Return the half hours of the week that are safe: 0 is Monday 00:00, in the site's own time.

    None when nothing was said or every time is safe; empty when a person must read the words.
    """
    words = _normal(text)
    if not words or ANY_TIME.fullmatch(words):
        return None
    parts = [part.split() for part in re.split(r"\s*(?:,|;|\bor\b)\s*", words)]
    windows = [window for part in parts if (window := _window(part))]
    if len(windows) < len(parts) or len({_shape(part) for part in parts}) > 1:
        return []
    return sorted({slot for window in windows for slot in _slots(*window)})


def slots_said(times: str, note: str) -> list[int] | None:
    """Return the safe half hours of somebody who may have said more in a note, for a person to read."""
    slots = slots_of(times)
    return [] if slots is None and note.strip() else slots


def slot_at(at: datetime, time_zone: str) -> int:
    """Return the half hour of the week that this moment is in, in the site's time."""
    there = at.astimezone(ZoneInfo(time_zone))
    return there.weekday() * A_DAY + there.hour * 2 + there.minute // 30


def next_safe(slots: Collection[int], at: datetime, time_zone: str) -> datetime | None:
    """Return when the next safe half hour begins, None without any.

    Changes of the clocks are minded: what they skip this week comes in the next.
    """
    there = at.astimezone(ZoneInfo(time_zone))  # half hours are the site's: Nepal's begin at 15 and 45 past
    begin = at - timedelta(minutes=there.minute % 30, seconds=there.second, microseconds=there.microsecond)
    moments = (begin + number * HALF_HOUR for number in range(1, 2 * A_WEEK))
    return next((moment for moment in moments if slot_at(moment, time_zone) in slots), None)


def end_of_safe(slots: Collection[int], at: datetime, time_zone: str) -> datetime | None:
    """Return when the safe half hours that this moment is in come to an end; None if not within a week."""
    there = at.astimezone(ZoneInfo(time_zone))
    begin = at - timedelta(minutes=there.minute % 30, seconds=there.second, microseconds=there.microsecond)
    moments = (begin + number * HALF_HOUR for number in range(1, A_WEEK))
    return next((moment for moment in moments if slot_at(moment, time_zone) not in slots), None)


def _normal(text: str) -> str:
    words = text.casefold().replace("–", "-").replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").strip(" .")
    words = re.sub(r"(\d)\s*(a\.?m\.?|p\.?m\.?)(?![a-z])", lambda m: m[1] + m[2].replace(".", ""), words)
    words = re.sub(r"\s*-\s*", " to ", words).replace("every day", "everyday")
    return re.sub(r"\s+", " ", re.sub(r"\b(until|till)\b", "to", words))


def _shape(words: list[str]) -> tuple[bool, bool]:
    """Return whether days and whether times are named: of "weekdays, after 18:00" no half stands alone."""
    days = [word for word in words if _day(word)]
    return bool(days), len(days) < len([word for word in words if word not in {*FILLER, "and", "to"}])


def _slots(days: set[int], begin: int, end: int) -> set[int]:
    """Return the half hours that lie within from `begin` to `end`, on each of the days."""
    return {day * A_DAY + slot for day in days for slot in range(-(-begin // 30), end // 30)}


def _window(words: list[str]) -> tuple[set[int], int, int] | None:
    """Return days and minutes of one part of the text, None when a word of it is not understood.

    "Sunday, Tuesday to Thursday" is two parts; without the comma it may be read in two ways.
    """
    days = _days(words)
    if _has_day_range(words) and sum(len(_day(word) or ()) for word in words) != 2:
        return None
    times = [word for word in words if not _day(word) and word not in FILLER]
    if _has_day_range(words):
        times = times[1:] if times and times[0] in {"to", "and"} else times
    minutes = _minutes([word for word in times if word != "and" or "between" in times])
    return (days, *minutes) if minutes and minutes[0] < minutes[1] else None


def _days(words: list[str]) -> set[int]:
    named = [day for word in words if (day := _day(word))]
    if _has_day_range(words):
        first, last = min(named[0]), min(named[1])
        return {day % 7 for day in range(first, last + 1 if last >= first else last + 8)}
    return set().union(*named) if named else DAYS["everyday"]


def _has_day_range(words: list[str]) -> bool:
    """Return whether it says "Monday to Friday"."""
    return any(
        _day(a) and b == "to" and _day(c) for a, b, c in zip(words, words[1:], words[2:], strict=False)
    )


def _day(word: str) -> set[int] | None:
    return DAYS.get(word.removesuffix("s")) or SHORT_DAYS.get(word)


def _minutes(words: list[str]) -> tuple[int, int] | None:
    """Return from when to when, in minutes of the day."""
    if not words:
        return 0, 24 * 60
    if len(words) == 1:
        return PARTS.get(words[0].removesuffix("s"))
    if len(words) == 2 and words[0] in {"after", "from", "before"}:
        clock = _clock(words[1])
        if clock is None:
            return None
        if words[0] == "before":
            return 0, clock
        return (clock, 24 * 60) if clock else None  # "after 12am" is not the whole day
    return _from_to([word for word in words if word not in {"from", "between"}])


def _from_to(words: list[str]) -> tuple[int, int] | None:
    if len(words) != 3 or words[1] not in {"to", "and"}:
        return None
    end = _clock(words[2])
    begin = _clock(words[0])
    if begin is None and words[2][-2:] in {"am", "pm"}:
        begin = _clock(words[0] + words[2][-2:])
    return (begin, end) if begin is not None and end is not None else None


def _clock(word: str) -> int | None:
    """Return minutes of the day; None for a time that may be of either half of the day."""
    if word in NAMED:
        return NAMED[word]
    found = CLOCK.fullmatch(word)
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if minute > 59 or hour > (12 if half else 24) or (hour == 24 and minute):
        return None
    if half:
        return hour % 12 * 60 + minute + (12 * 60 if half == "pm" else 0)
    says_24 = found[2] is not None and len(found[1]) == 2
    return hour * 60 + minute if says_24 or hour > 12 else None
