"""A phone system's own list of calls, row by row, in the words that such lists use. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from crm.csv_files import is_shortened
from crm.enums import CallDirection, CallState
from crm.models import Site
from crm.telephony.news import CallNews
from crm.telephony.numbers import caller_number, number_tokens
from notifications.hooks.signatures import replay_key

MEANINGS = {
    "started": "Date, or date and time",
    "time": "Time, if it stands apart",
    "direction": "In or out",
    "from": "Who rang",
    "to": "Who was rung",
    "result": "Answered or not",
    "seconds": "How long",
    "id": "Number of the call",
}
NEEDED = ("started", "from")
HEADINGS = {
    "started": (
        "date and time",
        "date time",
        "datetime",
        "start time",
        "started",
        "call time",
        "timestamp",
        "date",
    ),
    "time": ("time", "time of day"),
    "direction": ("direction", "type", "call type", "call direction"),
    "from": ("from", "caller", "caller id", "calling number", "source", "number", "caller number"),
    "to": ("to", "callee", "called number", "destination", "dialled number", "dialed number"),
    "result": ("result", "status", "outcome", "disposition", "answered", "call status", "state"),
    "seconds": ("duration", "seconds", "talk time", "call duration", "length", "billsec"),
    "id": ("id", "call id", "callsid", "call sid", "uniqueid", "unique id", "sid"),
}
WAYS = {
    CallDirection.IN: {"in", "inbound", "incoming", "received", "missed", "answered"},
    CallDirection.OUT: {"out", "outbound", "outgoing", "made", "dialled", "dialed", "outbound api"},
}
RESULTS = {
    CallState.CONNECTED: {"answered", "connected", "completed", "success", "yes", "true", "ok", "answer"},
    CallState.MISSED: {
        *("missed", "no answer", "not answered", "unanswered", "noanswer", "abandoned", "busy", "failed"),
        *("voicemail", "cancelled", "canceled", "no", "false", "rejected", "declined"),
    },
}
DAY_FIRST = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%d %b %Y", "%d %B %Y")
MONTH_FIRST = ("%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y", "%b %d %Y", "%B %d %Y")
CLOCKS_DIFFER = timedelta(minutes=15)
STILL_TO_COME = "This call is still to come. Have day and month changed places? Write 31/12/2026 23:59."
CLOCKS = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p")


class UnreadableCall(ValueError):
    """A row that cannot be read. The message says why, and never repeats what the row says."""


@dataclass(frozen=True, slots=True)
class LoggedCall:
    """One call of a log, with when it began and what makes it the same call if the log is read again."""

    news: CallNews
    started_at: datetime
    key: str


def read_call(cells: Mapping[str, str], site: Site, *, read_at: datetime) -> LoggedCall:
    """Return the call of a row; its times are of the site. Raises UnreadableCall."""
    started_at = _moment(cells, site)
    if started_at > read_at + CLOCKS_DIFFER:
        raise UnreadableCall(STILL_TO_COME)
    direction = _direction(cells)
    other = cells.get("from" if direction == CallDirection.IN else "to", "")
    if is_shortened(other):
        raise UnreadableCall("The spreadsheet has shortened the number: make text of that column first.")
    number, seconds = caller_number(other), _seconds(cells.get("seconds", ""))
    state = _state(cells, seconds)
    found = cells.get("id", "")
    news = CallNews(found, direction, number, state, is_over=True, seconds=seconds)
    token = number_tokens(number)[0] if number else ""
    known_by = found or f"{token}:{direction}:{started_at.isoformat()}"
    return LoggedCall(news, started_at, replay_key(f"log:{site.pk}:{bool(found)}:{known_by}"))


def _moment(cells: Mapping[str, str], site: Site) -> datetime:
    said = " ".join(each for each in (cells.get("started", ""), cells.get("time", "")) if each)
    moment = _iso(said) or _written(said, site.locale)
    if moment is None:
        raise UnreadableCall("The date and time cannot be read: write 31/12/2026 23:59 or 2026-12-31 23:59.")
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(site.time_zone))


def _iso(said: str) -> datetime | None:
    try:
        return datetime.fromisoformat(said) if len(said) > 10 else None
    except ValueError:
        return None


def _written(said: str, locale: str) -> datetime | None:
    """Read a date as it is written where the site is: the day first, except in the United States."""
    plain = " ".join(said.replace(",", " ").replace("T", " ").split())
    for date in MONTH_FIRST if locale == "US" else DAY_FIRST:
        for clock in CLOCKS:
            try:
                return datetime.strptime(plain, f"{date} {clock}")  # noqa: DTZ007  the caller knows the zone
            except ValueError:
                continue
    return None


def _direction(cells: Mapping[str, str]) -> CallDirection:
    word = _plain(cells.get("direction", ""))
    if not word:
        return CallDirection.IN
    for direction, words in WAYS.items():
        if word in words or word.removesuffix(" call") in words:
            return direction
    raise UnreadableCall("In or out: the word for the direction is not known.")


def _state(cells: Mapping[str, str], seconds: int | None) -> CallState:
    """Return whether it was answered; where the log does not say so, whether anybody talked."""
    word = _plain(cells.get("result", ""))
    if not word and _plain(cells.get("direction", "")).startswith("missed"):
        word = "missed"
    if not word:
        return CallState.CONNECTED if seconds else CallState.MISSED
    for state, words in RESULTS.items():
        if word in words or word.removesuffix(" call") in words:
            return state
    raise UnreadableCall("Answered or not: the word for the result is not known.")


def _seconds(said: str) -> int | None:
    """Read 61, 61 s, 1:01 and 0:01:01."""
    parts = re.findall(r"\d+", said)
    if not parts or len(parts) > 3 or any(len(part) > 6 for part in parts):
        return None
    total = 0
    for part in parts if ":" in said else parts[:1]:
        total = total * 60 + int(part)
    return total


def _plain(word: str) -> str:
    letters = "".join(sign if sign.isalnum() else " " for sign in word.casefold())
    return " ".join(letters.split())
