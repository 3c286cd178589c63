"""When we said that a person would be in touch, in words that stay true tomorrow."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from crm.calling import CallPromise
from crm.enums import ContactMethod
from crm.opening import OpeningHours

# What a person will do, by the first of these ways that is safe. A letter comes too late for any promise.
DOES = {
    ContactMethod.CALL: "call you",
    ContactMethod.EMAIL: "e-mail you",
    ContactMethod.TEXT: "text you",
    ContactMethod.VOICEMAIL: "leave you a voicemail",
}


@dataclass(frozen=True, slots=True)
class Promise:
    """The promise as it reads at this moment. `way` is "" where no quick way is safe.

    `is_aim`: it may be missed because nobody is on shift, and the caller is told so. `is_staffed` and
    `back_at` are about now: is somebody there, and when is the next person.
    """

    way: str
    when: str
    is_past: bool
    is_aim: bool
    is_staffed: bool
    back_at: str
    closes_at: str
    is_behind: bool


def promise_of(
    *, promise: CallPromise, ways: frozenset[ContactMethod], hours: OpeningHours, at: datetime
) -> Promise:
    """Return a stored promise in words, in the site's time zone, with what is true of the desk now."""
    opens = hours.next_opening(at)
    closes = promise.closes_at if promise.closes_at and promise.closes_at > at else None
    return Promise(
        way=next((words for way, words in DOES.items() if way in ways), ""),
        when=_in_words(promise.call_by, at, hours),
        is_past=promise.call_by <= at,
        is_aim=promise.is_aim,
        is_staffed=hours.is_staffed(at),
        back_at=_in_words(opens, at, hours),
        closes_at=_in_words(closes, at, hours),
        is_behind=promise.is_behind,
    )


def _in_words(moment: datetime | None, at: datetime, hours: OpeningHours) -> str:
    zone = ZoneInfo(hours.time_zone)
    return moment_in_words(moment.astimezone(zone), at.astimezone(zone)) if moment else ""


def moment_in_words(moment: datetime, now: datetime) -> str:
    """Return "14:25 today", "09:10 tomorrow" or "14:25 on Tuesday 3 March". Both in the same time zone."""
    days = (moment.date() - now.date()).days
    day = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days, f"on {moment:%A} {moment.day} {moment:%B}")
    return f"{moment:%H:%M} {day}"
