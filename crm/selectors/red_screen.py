"""What stands on every page of the desk while it is so: alarms, and alerts that nobody has answered (yet).

One query, as long as no alert waits. It reads the signs of life itself, so that a page says that the
background work is dead although nothing is left to raise an alarm.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, Q, QuerySet, UUIDField, Value

from crm.alarm_bounds import SILENT_AFTER
from crm.enums import AlarmKind, AlertLevel
from crm.models import Alarm, Lead
from crm.selectors.alarms import open_alarms
from jobs.models import Heartbeat
from notifications.models import Escalation
from notifications.selectors import not_answered_yet, unanswered

MOST_NAMED = 5
MOST_COUNTED = 100  # as crm.selectors.counts.CAP
RED, WAITING, ALARM, SILENT = "red", "waiting", "alarm", "silent"
NO_ID, NO_WORD = Value(None, output_field=UUIDField()), Value("", output_field=CharField())
COLUMNS = ("part", "subject", "word", "begun", "place", "clock", "named")


@dataclass(frozen=True, slots=True)
class RedAlert:
    """One lead for which nobody has answered, and since when people have been told of it."""

    lead: Lead
    level: AlertLevel
    since: datetime


@dataclass(frozen=True, slots=True)
class RedScreen:
    """The oldest alerts that nobody has answered; `has_more` says that there are others."""

    alerts: list[RedAlert]
    has_more: bool

    def __bool__(self) -> bool:
        return bool(self.alerts)


@dataclass(frozen=True, slots=True)
class WaitingAlerts:
    """Alerts that somebody should answer now: those of the most severe level, and how many there are."""

    alerts: list[RedAlert]
    count: int

    @property
    def others(self) -> int:
        return self.count - len(self.alerts)

    @property
    def is_capped(self) -> bool:
        return self.count >= MOST_COUNTED

    @property
    def is_emergency(self) -> bool:
        return any(alert.level in {AlertLevel.E1, AlertLevel.E2} for alert in self.alerts)

    def __bool__(self) -> bool:
        return bool(self.alerts)


@dataclass(frozen=True, slots=True)
class StandingAlarm:
    """One alarm that goes on. `site` names the place and `zone` its clock; both are empty for all sites."""

    kind: AlarmKind
    since: datetime
    site: str = ""
    zone: str = ""
    what: str = ""

    @classmethod
    def of(cls, alarm: Alarm) -> "StandingAlarm":
        name, zone = (alarm.site.name, alarm.site.time_zone) if alarm.site else ("", "")
        return cls(AlarmKind(alarm.kind), alarm.since, name, zone, alarm.what)


@dataclass(frozen=True, slots=True)
class WrongNow:
    """What one person's pages show of all that."""

    red: RedScreen
    waiting: WaitingAlerts
    alarms: list[StandingAlarm]


@dataclass(frozen=True, slots=True)
class _Row:
    part: str
    subject: UUID | None
    word: str
    begun: datetime
    place: str
    clock: str
    named: str


def wrong_now(sites: Collection[UUID], at: datetime) -> WrongNow:
    """Return what is wrong at some sites, and everywhere."""
    red, waiting = _alerts(RED, unanswered(at=at, sites=sites)), not_answered_yet(at=at, sites=sites)
    parts = (_alerts(WAITING, waiting, MOST_COUNTED), _alarms(sites), _silence(at))
    rows = [_Row(*row) for row in red.union(*parts, all=True)]
    by_part = {part: [row for row in rows if row.part == part] for part in (RED, WAITING, ALARM, SILENT)}
    return _wrong(by_part)


def standing_alarms(sites: Collection[UUID], at: datetime) -> list[StandingAlarm]:
    """Return the alarms alone, the red screen's among them."""
    rows = [_Row(*row) for row in _alarms(sites).union(_silence(at), all=True)]
    return _standing(rows, besides_red=True)


def _wrong(rows: Mapping[str, list[_Row]]) -> WrongNow:
    waiting = sorted(rows[WAITING], key=_severity)
    named = rows[RED][:MOST_NAMED], waiting[:MOST_NAMED]
    leads = _leads([row for some in named for row in some])
    red, soon = ([_alert(row, leads[row.subject]) for row in some if row.subject in leads] for some in named)
    return WrongNow(
        RedScreen(red, has_more=len(rows[RED]) > MOST_NAMED),
        WaitingAlerts(soon, count=len(waiting)),
        _standing([*rows[ALARM], *rows[SILENT]], besides_red=not red),
    )


def _alerts(
    part: str, alerts: QuerySet[Escalation], most: int = MOST_NAMED + 1
) -> QuerySet[Any, tuple[Any, ...]]:
    shown = alerts.annotate(
        part=Value(part),
        subject=F("about"),
        word=F("level"),
        begun=F("started_at"),
        place=NO_WORD,
        clock=NO_WORD,
        named=NO_WORD,
    )
    return shown.values_list(*COLUMNS)[:most]


def _alarms(sites: Collection[UUID]) -> QuerySet[Any, tuple[Any, ...]]:
    going_on = open_alarms(sites).select_related(None).order_by()
    shown = going_on.annotate(
        part=Value(ALARM),
        subject=F("pk"),
        word=F("kind"),
        begun=F("since"),
        place=F("site__name"),
        clock=F("site__time_zone"),
        named=F("what"),
    )
    return shown.values_list(*COLUMNS)


def _silence(at: datetime) -> QuerySet[Any, tuple[Any, ...]]:
    """Return signs of life that are too old. Of one that never was only /readyz tells: nothing runs yet."""
    too_old = Q()
    for name, bound in SILENT_AFTER.values():
        too_old |= Q(name=name, beaten_at__lt=at - bound)
    silent = Heartbeat.objects.filter(too_old).annotate(
        part=Value(SILENT),
        subject=NO_ID,
        word=F("name"),
        begun=F("beaten_at"),
        place=NO_WORD,
        clock=NO_WORD,
        named=NO_WORD,
    )
    return silent.values_list(*COLUMNS)


def _standing(rows: Iterable[_Row], *, besides_red: bool) -> list[StandingAlarm]:
    """Return the alarms, the longest first; not what a red screen says already, or what another explains."""
    latest_first = sorted(rows, key=lambda row: (row.begun, row.part != ALARM), reverse=True)
    # A row and a silence may be one; the row says more.
    found = {(_kind(row), row.place or ""): _shown(row) for row in latest_first}
    kinds = {kind for kind, _ in found}
    hidden = set() if besides_red else {AlarmKind.UNANSWERED}
    if kinds & {AlarmKind.BEAT_SILENT, AlarmKind.DISPATCHER_SILENT}:
        hidden.add(AlarmKind.WATCH_SILENT)
    return sorted((each for each in found.values() if each.kind not in hidden), key=lambda each: each.since)


def _shown(row: _Row) -> StandingAlarm:
    return StandingAlarm(_kind(row), row.begun, row.place or "", row.clock or "", row.named)


def _kind(row: _Row) -> AlarmKind:
    if row.part == ALARM:
        return AlarmKind(row.word)
    return next(kind for kind, (name, _) in SILENT_AFTER.items() if name == row.word)


def _leads(rows: Sequence[_Row]) -> dict[Any, Lead]:
    subjects = [row.subject for row in rows]
    return Lead.objects.select_related("site").in_bulk(subjects) if subjects else {}


def _severity(row: _Row) -> tuple[int, datetime]:
    return AlertLevel(row.word).rank, row.begun


def _alert(row: _Row, lead: Lead) -> RedAlert:
    level = AlertLevel.of(lead.level) if lead.level else AlertLevel(row.word)
    return RedAlert(lead, level, row.begun)
