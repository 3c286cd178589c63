"""@durable_task: a Celery task that claims its job by lease, runs, and finishes by fence."""

from collections.abc import Callable
from uuid import UUID

from celery import shared_task

from jobs.enums import JobQueue
from jobs.errors import LeaseLost, Postpone
from jobs.kinds import Body, Kind, register_kind
from jobs.services.running import check_lease, run_jobs

__all__ = ["LeaseLost", "Postpone", "check_lease", "durable_task"]

LONGEST_SOFT_LIMIT, LONGEST_LIMIT = 45, 60  # seconds; both under the broker's visibility time-out


def durable_task(
    *, queue: str, attempts: int, lease: int, atomic: bool = True, every: int | None = None
) -> Callable[[Body], Body]:
    """Make a function of an app's tasks.py a kind of job, and a Celery task of the same name.

    The function gets `subject` (UUID or None) and `at` (the database's time), must take `**_` and must be
    safe to run twice. It may raise Postpone(until).

    `atomic` runs it and the fence in one transaction: a zombie's writes roll back. Give `atomic=False` to
    anything that sends, and call check_lease() right before the send. `lease` is in seconds; a run that
    outlives it is stopped. `every` repeats the task each so many seconds, with subject None.
    """

    def register(body: Body) -> Body:
        name = f"{body.__module__}.{body.__name__}"
        kind = Kind(name, JobQueue(queue), attempts, lease, atomic, body, every)
        register_kind(kind)
        shared_task(
            name=name,
            soft_time_limit=min(lease, LONGEST_SOFT_LIMIT),
            time_limit=min(lease + 15, LONGEST_LIMIT),
        )(_celery_task(kind))
        return body

    return register


def _celery_task(kind: Kind) -> Callable[..., None]:
    def run(*job_ids: str, **_: object) -> None:
        run_jobs(jobs=[UUID(job) for job in job_ids], kind=kind)

    return run
