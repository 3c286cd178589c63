"""Which messages about alarms are no longer worth sending when their turn comes."""

from datetime import datetime
from uuid import UUID

from crm.models import Alarm, AlarmNotice
from notifications.enums import MessageKind, MessageState, Why
from notifications.models import Message


def why_alarm_is_over(about: UUID | None, at: datetime) -> str:
    """Return why nobody need know of the alarms of a notice: all of them have ended."""
    notice = AlarmNotice.objects.filter(pk=about).first() if about else None
    if notice is None or Alarm.objects.filter(pk__in=notice.alarms, ended_at=None).exists():
        return ""
    return Why.NOT_TRUE


def why_end_of_alarm_is_no_news(about: UUID | None, at: datetime) -> str:
    """Return why nobody need know that alarms are over: they are back, or nobody heard of them."""
    notice = AlarmNotice.objects.filter(pk=about).first() if about else None
    if notice is None or (_heard(notice) and _still_over(notice)):
        return ""
    return Why.NOT_TRUE


def _heard(notice: AlarmNotice) -> bool:
    """Return whether a message of theirs went out; one that is still waiting will be cancelled."""
    told = AlarmNotice.objects.filter(user=notice.user_id, is_over=False, alarms__overlap=notice.alarms)
    sent = Message.objects.filter(kind=MessageKind.ALARM, about__in=told.values("pk"))
    return sent.filter(state=MessageState.SENT).exists()


def _still_over(notice: AlarmNotice) -> bool:
    over = set(Alarm.objects.filter(pk__in=notice.alarms).values_list("kind", "site"))
    return bool(over - set(Alarm.objects.filter(ended_at=None).values_list("kind", "site")))
