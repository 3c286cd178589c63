"""Short ways to deliver messages in tests, as their jobs do."""

from jobs.models import OPEN, Job
from notifications.models import Message
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
