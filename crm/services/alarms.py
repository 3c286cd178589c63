"""Raising and ending alarms. Any number of processes may do so at once: the database keeps one open."""

from datetime import datetime

import structlog
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest

from crm.alarm_bounds import SILENT_AFTER, raised_after
from crm.enums import AlarmKind
from crm.models import Alarm, Site

log = structlog.get_logger(__name__)


def raise_alarm(*, kind: AlarmKind, site: Site | None, at: datetime, what: str = "") -> None:
    """Open an alarm of a kind at a site, or everywhere, unless there is one. It goes on until end_alarm().

    `what` says what was found; of one that goes on it is what was found last.
    """
    alarm = Alarm(kind=kind, site=site, since=at, what=what)
    Alarm.objects.bulk_create([alarm], ignore_conflicts=True)
    if Alarm.objects.filter(pk=alarm.pk).exists():
        log.warning("alarm_raised", kind=kind.value, site=_name(site))
    elif what:
        Alarm.objects.filter(kind=kind, site=site, ended_at=None).exclude(what=what).update(what=what)


def end_alarm(*, kind: AlarmKind, site: Site | None, at: datetime) -> None:
    """End the alarm of a kind at a site, or everywhere, if there is one."""
    going_on = Alarm.objects.filter(kind=kind, site=site, ended_at=None)
    ended = going_on.update(ended_at=Greatest(F("since"), Value(at)))  # the clock may have been set back
    if ended:
        log.warning("alarm_ended", kind=kind.value, site=_name(site))


def note_silence(name: str, since: datetime, until: datetime) -> None:
    """Write down that a process was silent for long enough to be an alarm, if nobody could raise one.

    It is over: nobody is told. One that is open was raised by others, who end it.
    """
    kind = next((kind for kind, (process, _) in SILENT_AFTER.items() if process == name), None)
    if kind is None or until - since <= SILENT_AFTER[kind][1] + raised_after(kind):
        return
    if Alarm.objects.filter(_explains(kind, since), site=None).exists():
        return
    Alarm.objects.create(kind=kind, site=None, since=since, ended_at=until)
    log.warning("alarm_noted_late", kind=kind.value, seconds=round((until - since).total_seconds(), 1))


def _explains(kind: AlarmKind, since: datetime) -> Q:
    """Return the condition of an alarm that says the same; the watch stops with whoever runs it."""
    if kind == AlarmKind.WATCH_SILENT:
        stopped = Q(kind__in=[AlarmKind.DISPATCHER_SILENT, AlarmKind.BEAT_SILENT])
        return stopped & (Q(ended_at=None) | Q(ended_at__gt=since))
    return Q(kind=kind, ended_at=None)


def _name(site: Site | None) -> str:
    return site.slug if site else "everywhere"
