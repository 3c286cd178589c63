"""When we said that a person would be in touch, in words that stay true tomorrow."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from intake.contact import Contact


@dataclass(frozen=True, slots=True)
class Promise:
    """`way` is what a person will do: "call you", "e-mail you" or "be in touch"."""

    way: str
    when: str
    is_past: bool


def promise_of(*, call_by: datetime, contact: Contact, at: datetime, time_zone: str) -> Promise:
    """Return the promise as it reads at this moment, in the site's time zone."""
    zone = ZoneInfo(time_zone)
    when = moment_in_words(call_by.astimezone(zone), at.astimezone(zone))
    return Promise(way=_way(contact), when=when, is_past=call_by <= at)


def moment_in_words(moment: datetime, now: datetime) -> str:
    """Return "14:25 today", "09:10 tomorrow" or "14:25 on Tuesday 3 March". Both in the same time zone."""
    days = (moment.date() - now.date()).days
    day = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days, f"on {moment:%A} {moment.day} {moment:%B}")
    return f"{moment:%H:%M} {day}"


def _way(contact: Contact) -> str:
    safe = contact.safe_contact
    if contact.has_phone and safe.call:
        return "call you"
    if contact.has_email and safe.email:
        return "e-mail you"
    return "be in touch"
