"""The job of the next release."""

from datetime import datetime
from uuid import UUID

from jobs.durable import durable_task
from tests.faults.tasks import LEASE, leave_mark


@durable_task(queue="routine", attempts=5, lease=LEASE)
def novelty(*, subject: UUID, at: datetime, **_: object) -> None:
    """Leave a mark of the subject."""
    leave_mark(subject, at)
