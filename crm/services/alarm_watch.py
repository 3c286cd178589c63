"""The watch over the desk: every few seconds it looks for what is wrong, and raises and ends alarms.

An alarm follows its condition with a delay, either way (crm/alarm_bounds.py); its times are those of the
condition, and of a process that is silent its last sign of life. One sweep at a time; one that finds another
at work leaves it to that.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction

from crm.alarm_bounds import BROKER_IS_AWAY, SILENT_AFTER, ended_after, raised_after
from crm.enums import AlarmKind
from crm.models import Alarm, AlarmSign
from crm.selectors.alarm_signs import Place, last_sign_of_life, what_is_wrong
from crm.services.alarm_news import tell_of_alarms
from crm.services.alarms import end_alarm, raise_alarm
from jobs.broker import broker_answers
from jobs.services.periodic import beat

ONE_AT_A_TIME = "SELECT pg_try_advisory_xact_lock(hashtext('crm.services.alarm_watch'))"


@transaction.atomic
def watch_over_desk(*, at: datetime) -> None:
    """Look once, raise and end what is due, and tell managers."""
    if not _is_alone():
        return
    note_signs(what_is_wrong(at), at)
    follow_signs(at)
    tell_of_alarms(at)
    beat(name=SILENT_AFTER[AlarmKind.WATCH_SILENT][0], at=at)


def note_signs(wrong: Iterable[Place], at: datetime) -> None:
    """Write down which conditions hold, and which no longer do; what is as it was stays as it is."""
    known = {(AlarmKind(sign.kind), sign.site_id): sign for sign in AlarmSign.objects.all()}
    holding = set(wrong)
    new = [AlarmSign(kind=kind, site_id=site, holds=True, since=at) for kind, site in holding - known.keys()]
    AlarmSign.objects.bulk_create(new)
    changed = [sign for place, sign in known.items() if sign.holds != (place in holding)]
    for sign in changed:
        sign.holds, sign.since = not sign.holds, at
    AlarmSign.objects.bulk_update(changed, ["holds", "since"])


def follow_signs(at: datetime) -> None:
    """Raise an alarm for what has held long enough; end those whose condition has been over long enough."""
    going_on = set(Alarm.objects.filter(ended_at=None).values_list("kind", "site"))
    for sign in AlarmSign.objects.select_related("site"):
        kind, is_open = AlarmKind(sign.kind), (sign.kind, sign.site_id) in going_on
        if sign.holds and not is_open and at - sign.since >= raised_after(kind):
            raise_alarm(kind=kind, site=sign.site, at=last_sign_of_life(kind) or sign.since, what=_why(kind))
        if not sign.holds and is_open and at - sign.since >= ended_after():
            end_alarm(kind=kind, site=sign.site, at=sign.since)


def _why(kind: AlarmKind) -> str:
    """Say which part has failed, where that can be asked: beat's signs come through the broker."""
    return BROKER_IS_AWAY if kind == AlarmKind.BEAT_SILENT and not broker_answers() else ""


def _is_alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
        return bool(cursor.fetchone()[0])
