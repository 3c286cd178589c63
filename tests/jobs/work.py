"""Short ways to enqueue and to run jobs in tests."""

from datetime import timedelta
from uuid import UUID, uuid4

from jobs.clock import database_now
from jobs.enums import JobQueue
from jobs.kinds import kind_named
from jobs.models import Job
from jobs.services.enqueue import enqueue_job
from jobs.services.running import run_job
from tests.jobs.bodies import QUICK


def enqueue(
    kind: str = QUICK,
    *,
    key: str = "",
    due_in: float = 0,
    subject: UUID | None = None,
    queue: JobQueue | None = None,
) -> Job:
    """Enqueue a job and return its row."""
    key = key or str(uuid4())
    due_at = database_now() + timedelta(seconds=due_in)
    enqueue_job(kind=kind, subject=subject, due_at=due_at, dedupe_key=key, queue=queue)
    return Job.objects.get(dedupe_key=key)


def run(job: Job) -> Job:
    """Run the job as its Celery task does, and return the row as it is then."""
    run_job(job=job.pk, kind=kind_named(job.kind))
    job.refresh_from_db()
    return job
