"""A figure says which leads it counts, so that each one opens its list.

A figure travels in the query string of its link. Sources and substances travel as digests: addresses end up
in logs, and a log names no substance.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from urllib.parse import urlencode

from crm.enums import FUNNEL, FigureGroup, PromiseState
from crm.reports import alert_figures

_CONDITIONS = {
    "step": "furthest_step >= %(step)s",
    "untouched": "furthest_step = 0",
    "first": "local_time >= %(first)s",
    "latest": "local_time < %(latest)s + interval '1 day'",
    "old": "local_time < %(old)s",
    "level": "coalesce(level, '') = %(level)s",
    "hour": "extract(hour FROM local_time) = %(hour)s",
    "promise": "promise = %(promise)s",
    "spoken": "minutes IS NOT NULL",
    "source": "left(encode(sha256(convert_to(source, 'UTF8')), 'hex'), 12) = %(source)s",
    "campaign": "left(encode(sha256(convert_to(campaign, 'UTF8')), 'hex'), 12) = %(campaign)s",
    "landing": "left(encode(sha256(convert_to(landing, 'UTF8')), 'hex'), 12) = %(landing)s",
    "substance": "left(encode(sha256(convert_to(main_substance, 'UTF8')), 'hex'), 12) = %(substance)s",
    "closed": "stage = 'CLOSED'",
    "disposition": "disposition = %(disposition)s",
    "closed_from": "closed_from = %(closed_from)s",
}

_ORIGINS = {
    "source": "of one source",
    "campaign": "of one campaign",
    "landing": "that began on one page",
    "substance": "about one substance",
}

_GROUPS = {
    FigureGroup.COUNTED: "standing IN ('conversion', 'emergency')",
    FigureGroup.EVERY: "TRUE",
}


@dataclass(frozen=True, kw_only=True)
class Figure:
    """The conditions that a lead meets to be counted; None and False ask for nothing.

    `step` is the funnel's (1 contacted … 5 admitted); `first` and `latest` narrow the window to a cohort;
    `old` keeps the enquiries from before that day. From `alerted` on it is about alerts about the leads, and
    from `way` on about their messages (crm.reports.alert_figures).
    """

    group: FigureGroup = FigureGroup.CONVERSION
    step: int | None = None
    untouched: bool = False
    first: date | None = None
    latest: date | None = None
    old: date | None = None
    level: str | None = None
    hour: int | None = None
    promise: PromiseState | None = None
    spoken: bool = False
    source: str | None = None
    campaign: str | None = None
    landing: str | None = None
    substance: str | None = None
    closed: bool = False
    disposition: str | None = None
    closed_from: str | None = None
    alerted: bool = False
    alert_level: str | None = None
    alert_hour: int | None = None
    steps: str | None = None
    how: str | None = None
    ending: str | None = None
    unanswered: bool = False
    lapsed: bool = False
    role: str | None = None
    duty: str | None = None
    way: str | None = None
    fate: str | None = None
    reason: str | None = None

    @property
    def query(self) -> str:
        """Return the figure as a query string."""
        return urlencode({name: _sent(value) for name, value in self.asked()} | {"group": self.group.value})

    def asked(self) -> Iterator[tuple[str, object]]:
        """Yield each condition that is asked for, with its value."""
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name != "group" and value is not None and value is not False:
                yield field.name, value

    def where(self) -> str:
        """Return the SQL condition over the columns of crm.reports.lists."""
        group = _GROUPS.get(self.group, "standing = %(group)s")
        asked = dict(self.asked())
        of_leads = (words for name, words in _CONDITIONS.items() if name in asked)
        return " AND ".join([group, *of_leads, *alert_figures.conditions(asked)])

    def parameters(self) -> dict[str, object]:
        return {"group": self.group.value} | dict(self.asked())

    def words(self) -> str:
        """Say which leads these are."""
        return " ".join([self.group.label, *self._phrases()])

    def _phrases(self) -> Iterator[str]:
        if self.level is not None:
            yield f"at level {self.level}" if self.level else "not yet routed"
        if self.hour is not None:
            yield f"received between {self.hour:02}:00 and {self.hour:02}:59"
        yield from (words for name, words in _ORIGINS.items() if getattr(self, name))
        if self.step:
            yield f"that got as far as “{FUNNEL[self.step - 1].label}”"
        if self.untouched:
            yield "that were never contacted"
        if self.promise:
            yield self.promise.label
        if self.spoken:
            yield "with two-way contact"
        yield from self._closing()
        yield from alert_figures.phrases(dict(self.asked()))

    def _closing(self) -> Iterator[str]:
        if self.closed or self.disposition:
            yield "that are closed"


def _sent(value: object) -> str:
    return "1" if value is True else str(value)
