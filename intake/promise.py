"""When we said that a person would be in touch, in words that stay true tomorrow."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from django_stubs_ext import StrOrPromise

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
# Whole sentences, because other languages do not put them together as English does.
GIVEN = {
    "call you": _("A person will call you"),
    "e-mail you": _("A person will e-mail you"),
    "text you": _("A person will text you"),
    "leave you a voicemail": _("A person will leave you a voicemail"),
}
WANTED = {
    "call you": _("We want to call you"),
    "e-mail you": _("We want to e-mail you"),
    "text you": _("We want to text you"),
    "leave you a voicemail": _("We want to leave you a voicemail"),
}
SAID = {
    "call you": _("We said that a person would call you"),
    "e-mail you": _("We said that a person would e-mail you"),
    "text you": _("We said that a person would text you"),
    "leave you a voicemail": _("We said that a person would leave you a voicemail"),
}
SAID_OF_AIM = {
    "call you": _("We said that a person would try to call you"),
    "e-mail you": _("We said that a person would try to e-mail you"),
    "text you": _("We said that a person would try to text you"),
    "leave you a voicemail": _("We said that a person would try to leave you a voicemail"),
}
NEAR_DAYS = {-1: _("%(time)s yesterday"), 0: _("%(time)s today"), 1: _("%(time)s tomorrow")}
ANOTHER_DAY = _("%(time)s on %(day)s")


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

    @property
    def given(self) -> StrOrPromise:
        return GIVEN.get(self.way, "")

    @property
    def wanted(self) -> StrOrPromise:
        return WANTED.get(self.way, "")

    @property
    def said(self) -> StrOrPromise:
        """Return what was promised, now that its time is over."""
        return (SAID_OF_AIM if self.is_aim else SAID).get(self.way, "")


def promise_of(
    *, promise: CallPromise, ways: frozenset[ContactMethod], hours: OpeningHours, at: datetime
) -> Promise:
    """Return a stored promise in words, in the site's time zone, with what is true of the desk now."""
    made = promise_as_made(promise=promise, ways=ways, time_zone=hours.time_zone, at=at)
    return replace(
        made,
        is_staffed=hours.is_staffed(at),
        back_at=_in_words(hours.next_opening(at), at, hours.time_zone),
    )


def promise_as_made(
    *, promise: CallPromise, ways: frozenset[ContactMethod], time_zone: str, at: datetime
) -> Promise:
    """Return a stored promise in words, with what was true of the desk when it was made."""
    closes = promise.closes_at if promise.closes_at and promise.closes_at > at else None
    return Promise(
        way=next((words for way, words in DOES.items() if way in ways), ""),
        when=_in_words(promise.call_by, at, time_zone),
        is_past=promise.call_by <= at,
        is_aim=promise.is_aim,
        is_staffed=promise.nobody_until is None,
        back_at=_in_words(promise.nobody_until, at, time_zone),
        closes_at=_in_words(closes, at, time_zone),
        is_behind=promise.is_behind,
    )


def _in_words(moment: datetime | None, at: datetime, time_zone: str) -> str:
    zone = ZoneInfo(time_zone)
    return moment_in_words(moment.astimezone(zone), at.astimezone(zone)) if moment else ""


def moment_in_words(moment: datetime, now: datetime) -> str:
    """Return "14:25 today", "09:10 tomorrow" or "14:25 on Tuesday 3 March". Both in the same time zone."""
    words = NEAR_DAYS.get((moment.date() - now.date()).days, ANOTHER_DAY)
    # Translators: letters of Django's date format: day of the week, day, month (E: the month as after a day).
    day = date_format(moment, pgettext("date format", "l j F"), use_l10n=False)
    return str(words) % {"time": f"{moment:%H:%M}", "day": day}
