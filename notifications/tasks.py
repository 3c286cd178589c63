"""The durable work of this app."""

from datetime import datetime
from uuid import UUID

from jobs.durable import durable_task
from notifications.services.delivery import deliver
from notifications.services.endings import TRIES


@durable_task(queue="outbound", attempts=TRIES, lease=25, atomic=False)
def deliver_message(*, subject: UUID, at: datetime, **_: object) -> None:
    """Try once to deliver a message; urgent ones are enqueued in the queue of alerts instead."""
    deliver(message=subject, at=at)
