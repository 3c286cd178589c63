"""Done jobs are deleted after a while, a batch at a time so that no lock is held for long."""

from datetime import datetime, timedelta

from jobs.models import Job

KEPT = timedelta(days=14)
BATCH = 1000


def purge_done_jobs(*, at: datetime) -> int:
    """Delete jobs done more than two weeks ago; return how many. Dead jobs stay until a person decides."""
    deleted = 0
    while batch := list(Job.objects.filter(done_at__lt=at - KEPT).values_list("pk", flat=True)[:BATCH]):
        deleted += Job.objects.filter(pk__in=batch).delete()[0]
    return deleted
