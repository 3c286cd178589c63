"""Jobs that misbehave on purpose. Their marks in the heartbeat table show which of them took effect."""

import os
import time
from datetime import UTC, datetime
from uuid import UUID, uuid4

from jobs.durable import durable_task
from jobs.models import Heartbeat

MARK, URGENT_MARK, POISON, SLOW, WALL = (
    f"tests.faults.tasks.{name}" for name in ("mark", "urgent_mark", "poison", "slow", "wall")
)
LEASE = 3  # seconds: short, so that tests need not wait for long
POISON_ATTEMPTS = 3


@durable_task(queue="routine", attempts=5, lease=LEASE)
def mark(*, subject: UUID, at: datetime, **_: object) -> None:
    """Leave a mark of the subject."""
    leave_mark(subject, at)


@durable_task(queue="urgent", attempts=5, lease=LEASE)
def urgent_mark(*, subject: UUID, at: datetime, **_: object) -> None:
    """Leave a mark of the subject, urgently."""
    leave_mark(subject, at)


@durable_task(queue="urgent", attempts=POISON_ATTEMPTS, lease=LEASE)
def poison(**_: object) -> None:
    """Kill the process, as a bug in a C library does."""
    os._exit(1)


@durable_task(queue="routine", attempts=5, lease=LEASE)
def slow(*, subject: UUID, at: datetime, **_: object) -> None:
    """Leave a mark, and take a while."""
    leave_mark(subject, at)
    time.sleep(0.5)


@durable_task(queue="urgent", attempts=5, lease=LEASE)
def wall(*, subject: UUID, **_: object) -> None:
    """Note what time it is by the clock of the process."""
    Heartbeat.objects.create(name=f"wall {subject.hex[:20]}", beaten_at=datetime.now(UTC))


def leave_mark(subject: UUID, at: datetime) -> None:
    Heartbeat.objects.create(name=f"{subject.hex[:20]} {uuid4().hex[:8]}", beaten_at=at)


def marks(subject: UUID | None = None) -> int:
    """Return how many marks there are, of one subject or of all."""
    found = Heartbeat.objects.exclude(name__in=["beat", "dispatch", "watch"])
    found = found.exclude(name__startswith="wall ")
    return found.filter(name__startswith=subject.hex[:20]).count() if subject else found.count()
