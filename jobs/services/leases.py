"""Lease and fence: who runs a job now, and whose ending counts. One statement each, on the database clock.

A lease is a token and a time. Claiming writes a new token; every ending asks for the token that it was
given, and takes it away. A process that slept through its lease finds another token, or none, and changes
nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import connection

from jobs.models import OPEN, Job

# The commit of a claim need not wait for the disk: if a power cut takes it back, the job is merely free
# again, and whatever the run commits after it takes the claim along.
CLAIM = """
    UPDATE jobs_job
       SET lease_token = %(token)s, attempts = attempts + 1,
           lease_until = now() + make_interval(secs => %(lease)s),
           publish_at = now() + make_interval(secs => %(lease)s)
      FROM (SELECT set_config('synchronous_commit', 'off', true)) AS unhurried
     WHERE id = %(id)s AND kind = %(kind)s AND done_at IS NULL AND dead_at IS NULL
       AND due_at <= now() AND (lease_until IS NULL OR lease_until < now())
 RETURNING subject, attempts, now()
"""
FINISH = """
    UPDATE jobs_job SET done_at = now(), lease_until = NULL, lease_token = NULL
     WHERE id = %(id)s AND lease_token = %(token)s
"""
# The same by itself, after a body that commits what it does: should a power cut take it back, the job runs
# once more, which every body has to bear.
FINISH_ALONE = """
    UPDATE jobs_job SET done_at = now(), lease_until = NULL, lease_token = NULL
      FROM (SELECT set_config('synchronous_commit', 'off', true)) AS unhurried
     WHERE id = %(id)s AND lease_token = %(token)s
"""
POSTPONE = """
    UPDATE jobs_job
       SET due_at = %(until)s, publish_at = %(until)s, attempts = attempts - 1,
           lease_until = NULL, lease_token = NULL
     WHERE id = %(id)s AND lease_token = %(token)s
"""
RETRY = """
    UPDATE jobs_job
       SET due_at = now() + make_interval(secs => %(delay)s),
           publish_at = now() + make_interval(secs => %(delay)s),
           attempts = attempts - %(refund)s, error_class = %(error_class)s,
           lease_until = NULL, lease_token = NULL
     WHERE id = %(id)s AND lease_token = %(token)s
"""
BURY = """
    UPDATE jobs_job
       SET dead_at = now(), attempts = %(attempts)s, error_class = %(error_class)s,
           lease_until = NULL, lease_token = NULL
     WHERE id = %(id)s AND lease_token = %(token)s
"""
IS_HELD = "SELECT 1 FROM jobs_job WHERE id = %(id)s AND lease_token = %(token)s"


@dataclass(frozen=True)
class Lease:
    """The right to run one job until another process takes it over. `at` is when it was claimed."""

    job: UUID
    token: UUID
    subject: UUID | None
    attempts: int
    at: datetime


def claim(*, job: UUID, kind: str, seconds: int) -> Lease | None:
    """Take the job if it is due, open and free, counting the attempt; None when it is not (a duplicate)."""
    token = uuid4()
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"id": job, "kind": kind, "token": token, "lease": seconds})
        row = cursor.fetchone()
    return Lease(job, token, *row) if row else None


def is_held(lease: Lease) -> bool:
    """Return whether nobody else has claimed or ended the job since."""
    return _execute(IS_HELD, lease)


def finish(lease: Lease) -> bool:
    """End the job as done; False when the lease was lost."""
    return _execute(FINISH if connection.in_atomic_block else FINISH_ALONE, lease)


def postpone(lease: Lease, *, until: datetime) -> bool:
    """Put the job back for `until`, its attempt not counted; False when the lease was lost."""
    return _execute(POSTPONE, lease, until=until)


def retry(lease: Lease, *, delay: float, error_class: str, refund: bool = False) -> bool:
    """Put the job back to be run in `delay` seconds; a refunded attempt does not count."""
    return _execute(RETRY, lease, delay=delay, error_class=error_class, refund=int(refund))


def bury(lease: Lease, *, attempts: int, error_class: str) -> bool:
    """End the job as dead, for a person to look at; False when the lease was lost."""
    return _execute(BURY, lease, attempts=attempts, error_class=error_class)


def give_back(*, jobs: Sequence[UUID], at: datetime) -> None:
    """Make jobs that nobody has begun due for publication again: they were published, or should have been."""
    waiting = Job.objects.filter(OPEN, pk__in=jobs, lease_token=None, due_at__lte=at, publish_at__gt=at)
    waiting.update(publish_at=at)


def _execute(statement: str, lease: Lease, **values: str | float | datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"id": lease.job, "token": lease.token, **values})
        return bool(cursor.rowcount == 1)
