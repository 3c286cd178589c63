"""Short ways to deliver messages in tests, as their jobs do."""

from jobs.models import OPEN, Job
from notifications.enums import MessageState
from notifications.models import Message
from tests.clock import DatabaseClock
from tests.jobs.work import run


def job_of(message: Message) -> Job:
    """Return the open job that delivers the message."""
    return Job.objects.filter(OPEN).get(subject=message.pk)


def try_once(message: Message) -> Message:
    """Run the message's job, if it is due, and return the message as it is then."""
    run(job_of(message))
    message.refresh_from_db()
    return message


def outcomes(message: Message) -> list[tuple[str, str]]:
    """Return outcome and reason of each delivery, in order."""
    return list(message.deliveries.order_by("started_at", "id").values_list("outcome", "reason"))


def settle(message: Message, clock: DatabaseClock | None = None, *, steps: int = 50) -> Message:
    """Run the message's job whenever it is due, until the message is no longer waiting."""
    clock = clock or DatabaseClock()
    for _ in range(steps):
        if message.state != MessageState.QUEUED:
            break
        clock.move_to(max(clock.now(), job_of(message).due_at))
        try_once(message)
    return message
