"""The jobs of this app itself."""

from datetime import datetime

from celery import shared_task
from django.db import close_old_connections, connection

from jobs.clock import database_now
from jobs.durable import durable_task
from jobs.services.dispatch import stand_in
from jobs.services.periodic import beat, enqueue_periodic_jobs
from jobs.services.purge import purge_done_jobs


@durable_task(queue="reports", attempts=3, lease=45, atomic=False, every=3600)
def purge_jobs(*, at: datetime, **_: object) -> None:
    """Delete jobs that were done long ago."""
    purge_done_jobs(at=at)


@shared_task(name="jobs.tasks.nudge")
def nudge(**_: object) -> None:
    """Beat's only task: enqueue what repeats, as the dispatcher does anyway, and leave a sign of life.

    While the dispatcher is silent, it also publishes what is due: slowly, but alerts and alarms go out.
    """
    if not connection.in_atomic_block:
        close_old_connections()  # one that a database restart broke would fail this task for ever
    at = database_now()
    enqueue_periodic_jobs(at=at)
    beat(name="beat", at=at)
    stand_in(at=at)
