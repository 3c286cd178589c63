"""Dead jobs: those that used up their attempts. A person is told, and retries or discards them."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import structlog
from django.db import transaction

from jobs.kinds import Kind
from jobs.models import Job
from jobs.services.leases import Lease, bury

log = structlog.get_logger(__name__)

DeadJobListener = Callable[[Job], None]
_listeners: list[DeadJobListener] = []


class NotDead(Exception):
    """The job is not dead, or no longer."""


def on_dead(listener: DeadJobListener) -> DeadJobListener:
    """Call `listener` with every job that dies, in the transaction that marks it: an alert is an outbox row.

    A listener that raises is logged and the job is dead all the same. Beware of loops: the job that dies may
    be the one that was to tell of a dead job.
    """
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


@transaction.atomic
def bury_job(*, lease: Lease, kind: Kind, error_class: str) -> bool:
    """Mark the job as dead and tell the listeners; False when the lease was lost."""
    if not bury(lease, attempts=kind.attempts, error_class=error_class):
        return False
    job = Job.objects.get(pk=lease.job)
    log.error("job_dead", job=str(job.pk), kind=job.kind, attempts=job.attempts, error_class=error_class)
    for listener in _listeners:
        _tell(listener, job)
    return True


def _tell(listener: DeadJobListener, job: Job) -> None:
    try:
        with transaction.atomic():
            listener(job)
    except Exception as error:  # noqa: BLE001  the job is dead, whatever a listener makes of it
        log.error("dead_job_listener_failed", job=str(job.pk), error_class=type(error).__name__)


def retry_dead_job(*, job: UUID, at: datetime) -> None:
    """Give a dead job all its attempts again, from now on. Raises NotDead."""
    fresh = {"dead_at": None, "attempts": 0, "due_at": at, "publish_at": at}
    if not Job.objects.filter(pk=job, dead_at__isnull=False).update(**fresh):
        raise NotDead(job)


def discard_dead_job(*, job: UUID, at: datetime) -> None:
    """Take a dead job off the list for good, its error class kept. Raises NotDead."""
    if not Job.objects.filter(pk=job, dead_at__isnull=False).update(dead_at=None, done_at=at):
        raise NotDead(job)
