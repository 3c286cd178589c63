"""How soon a person must make the first contact (triage/SPEC section 2; minutes are configuration)."""

from datetime import datetime, timedelta

from django.conf import settings

from crm.enums import Level, Queue

UNPLACED_AFTER = timedelta(seconds=60)
REVIEW_WITHIN = timedelta(minutes=15)
ALERT_OF_REVIEW_AFTER = timedelta(
    minutes=14
)  # a minute for the sweep and the mail, so that none is ever late
FOLLOW_UP_AFTER = timedelta(hours=24)
ALERTING_LEVELS = frozenset(level for level in Level if level.queue == Queue.URGENT)


def target_minutes(level: Level) -> int:
    """Return the minutes from enquiry to first human contact that a level allows."""
    return int(settings.RESPONSE_TARGET_MINUTES[level.value])


def respond_by(level: Level, received_at: datetime) -> datetime:
    """Return the time by which somebody must have called."""
    return received_at + timedelta(minutes=target_minutes(level))
