"""The circuit breaker: nobody waits for a way out that several messages have just found closed.

Rows and the database's clock, so that all processes know the same. It opens when CIRCUIT["failures"] messages
failed within CIRCUIT["window"] seconds and none got through, or two waited in vain for an answer; after
CIRCUIT["pause"] seconds one message may probe it, and so on until one gets through. What only its recipient
can help (a refusal for good) says nothing about the way, and a message that fails again and again counts
twice at the most.
"""

import random
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import connection, transaction

from notifications.channels.base import DeliveryError
from notifications.channels.registry import host_of
from notifications.enums import ChannelName
from notifications.models import Circuit, Message

log = structlog.get_logger(__name__)

COUNTED_TRIES = 2
A_TIME_OUT = 3  # failures: each holds a worker up for as long as a time-out takes, and alerts wait behind it
TIME_OUT = TimeoutError.__name__
LONGEST_PATIENCE = timedelta(minutes=5)
_jitter = random.SystemRandom()
# Asked of every message, and nearly always in vain.
IS_OPEN = "SELECT 1 FROM notifications_circuit WHERE name = %s AND opened_at IS NOT NULL"
CLOSE = """
    UPDATE notifications_circuit
       SET failures = 0, since = NULL, opened_at = NULL, probe_at = NULL, reason = ''
     WHERE name = %s AND (failures <> 0 OR opened_at IS NOT NULL)
"""


def circuit_of(message: Message) -> str:
    """Return the name of the way: the channel, and the host where everybody has their own."""
    host = host_of(ChannelName(message.channel), message.to)
    return f"{message.channel} {host}" if host else message.channel


def may_pass(name: str, *, at: datetime) -> datetime | None:
    """Return None if the way is open to this message, as its probe perhaps, else when to ask again."""
    if not _is_open(name):
        return None
    circuit = Circuit.objects.filter(name=name, opened_at__isnull=False).first()
    if circuit is None or circuit.probe_at is None:
        return None
    due = Circuit.objects.filter(name=name, opened_at__isnull=False, probe_at__lte=at)
    if due.update(probe_at=at + _seconds("pause")):
        return None
    return max(circuit.probe_at, at + timedelta(seconds=1), at + _patience(circuit, at))


def note_success(name: str) -> None:
    """It got through: whatever failed before is forgotten."""
    with connection.cursor() as cursor:
        cursor.execute(CLOSE, [name])
        if cursor.rowcount:
            log.info("circuit_closed", circuit=name)


@transaction.atomic
def note_failure(name: str, *, error: Exception, tries: int, at: datetime) -> None:
    """Count a failure that may be the way's own fault, and open the circuit when there were enough."""
    if not isinstance(error, DeliveryError) or error.permanent:
        return
    Circuit.objects.bulk_create([Circuit(name=name)], ignore_conflicts=True)
    circuit = Circuit.objects.select_for_update().get(name=name)
    if circuit.opened_at is None:
        _count(circuit, error, tries, at)
    else:
        circuit.probe_at, circuit.reason = _probe_at(error, at), error.reason[:60]
    circuit.save()


def _is_open(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(IS_OPEN, [name])
        return cursor.fetchone() is not None


def _patience(circuit: Circuit, at: datetime) -> timedelta:
    """Return how long to wait at least: the longer it has been out of order, the longer, up to five minutes.

    Ten thousand messages that asked every half minute would be a load of their own.
    """
    since = at - circuit.opened_at if circuit.opened_at else timedelta()
    return min(since / 2, LONGEST_PATIENCE) * _jitter.uniform(0.5, 1)


def _count(circuit: Circuit, error: DeliveryError, tries: int, at: datetime) -> None:
    if tries > COUNTED_TRIES:
        return
    if circuit.since is None or circuit.since < at - _seconds("window"):
        circuit.since, circuit.failures = at, 0
    circuit.failures += A_TIME_OUT if error.reason == TIME_OUT and tries == 1 else 1
    circuit.reason = error.reason[:60]
    if circuit.failures >= settings.CIRCUIT["failures"]:
        circuit.opened_at, circuit.probe_at = at, _probe_at(error, at)
        circuit.times_opened += 1
        log.error("circuit_opened", circuit=circuit.name, reason=circuit.reason)


def _probe_at(error: DeliveryError, at: datetime) -> datetime:
    """As soon as the pause is over; not before the provider listens again, if it said when."""
    asked = timedelta(seconds=min(error.retry_after or 0, settings.CIRCUIT["longest_pause"]))
    return at + max(asked, _seconds("pause"))


def _seconds(name: str) -> timedelta:
    return timedelta(seconds=settings.CIRCUIT[name])
