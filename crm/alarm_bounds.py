"""How long something must hold until it is an alarm, and how long it must be over until the alarm ends.

So that nothing flaps: a change of shift is no alarm, and a lead that is claimed and given back does not end
one. Seconds, from the settings ALARM_AFTER and ALARM_ENDS_AFTER, each with its source there.
"""

from datetime import timedelta

from django.conf import settings

from crm.enums import AlarmKind

# Signs of life: /readyz (intake/selectors/readiness.py) and every page read them live, whatever else is dead.
SILENT_AFTER = {
    AlarmKind.BEAT_SILENT: ("beat", timedelta(seconds=60)),  # six of its ticks
    AlarmKind.DISPATCHER_SILENT: ("dispatch", timedelta(seconds=30)),  # six of its signs
    AlarmKind.WATCH_SILENT: ("watch", timedelta(seconds=60)),  # six sweeps
}
SWEPT_EVERY = 10  # seconds
BROKER_IS_AWAY = "the broker (Valkey or Redis) does not answer"


def raised_after(kind: AlarmKind) -> timedelta:
    """Return how long a condition must hold."""
    return timedelta(seconds=settings.ALARM_AFTER[kind.value])


def ended_after() -> timedelta:
    """Return how long a condition must be over."""
    return timedelta(seconds=settings.ALARM_ENDS_AFTER)


def told_again_after(times: int) -> timedelta:
    """Return how long to wait before a person who was told so many times is told again: growing gaps."""
    gaps = settings.ALARM_GAPS_MINUTES
    return timedelta(minutes=gaps[min(times, len(gaps) - 1)])
