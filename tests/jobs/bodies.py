"""Jobs whose bodies do as the test says, and leave a trace in the table when they ran."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4

from jobs.durable import durable_task
from jobs.models import Heartbeat

QUICK, SEND, URGENT = "tests.jobs.bodies.quick", "tests.jobs.bodies.send", "tests.jobs.bodies.urgent"
ATTEMPTS, LEASE = 3, 30

during: list[Callable[[], None]] = []  # what happens while the body of a job runs
sent: list[tuple[UUID | None, datetime]] = []


@durable_task(queue="routine", attempts=ATTEMPTS, lease=LEASE)
def quick(*, subject: UUID | None, at: datetime, **_: object) -> None:
    """Write to the database in the job's transaction."""
    _leave_trace(subject, at)


@durable_task(queue="outbound", attempts=ATTEMPTS, lease=LEASE, atomic=False)
def send(*, subject: UUID | None, at: datetime, **_: object) -> None:
    """Do something that cannot be rolled back."""
    sent.append((subject, at))
    _leave_trace(subject, at)


@durable_task(queue="urgent", attempts=ATTEMPTS, lease=LEASE)
def urgent(*, subject: UUID | None, at: datetime, **_: object) -> None:
    """Write to the database, urgently."""
    _leave_trace(subject, at)


def traces(subject: UUID | None = None) -> int:
    """Return how many runs of bodies are to be seen in the database: of one subject, or all."""
    return Heartbeat.objects.filter(name__startswith=subject.hex[:20] if subject else "").count()


def _leave_trace(subject: UUID | None, at: datetime) -> None:
    Heartbeat.objects.create(name=(subject.hex[:20] if subject else "") + uuid4().hex[:20], beaten_at=at)
    for happening in during:
        happening()
