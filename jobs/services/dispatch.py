"""The dispatcher: twice a second, and whenever a job is enqueued, due ids go from the table to the broker.

Any number may run: rows are claimed with SKIP LOCKED. What a broker or a worker loses is published again
when its lease has run out. Without a broker, pressing jobs are run beside the dispatcher (standby.py).
"""

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import connection

from jobs.clock import database_now
from jobs.enums import PRESSING, JobQueue
from jobs.kinds import kind_named, known_kinds
from jobs.selectors import latest_beat, overdue_jobs, waiting_kinds
from jobs.services.leases import give_back
from jobs.services.periodic import beat, enqueue_periodic_jobs, next_bucket
from jobs.services.publishing import BrokerUnavailable, Nudge, Publisher
from jobs.services.standby import StandbyWorkers

log = structlog.get_logger(__name__)

BATCH = 100  # jobs of one queue claimed at a time
LONGEST_QUEUE = 1000  # nudges waiting in one broker queue; more would only age there
BROKERLESS_AFTER = 5.0  # seconds without a broker until pressing jobs are run here
RESCUED_AFTER = timedelta(seconds=15)  # a pressing job this late is run here, broker or not
MINDING, HOUSEKEEPING = 0.5, 5.0  # seconds
SILENT_AFTER = timedelta(seconds=30)  # six times it kept house

CLAIM_DUE = """
    WITH due AS (
        SELECT job.id FROM unnest(%(queues)s::text[], %(limits)s::int[]) AS wanted(queue, room), LATERAL (
            SELECT id FROM jobs_job
             WHERE queue = wanted.queue AND publish_at <= now() AND done_at IS NULL AND dead_at IS NULL
               AND kind = ANY(%(kinds)s::text[])
             ORDER BY publish_at LIMIT wanted.room FOR UPDATE SKIP LOCKED) job)
    UPDATE jobs_job job SET publish_at = now() + make_interval(secs => known.lease)
      FROM due, unnest(%(kinds)s::text[], %(leases)s::float[]) AS known(kind, lease)
     WHERE job.id = due.id AND known.kind = job.kind
 RETURNING job.id, job.kind, job.queue, job.attempts = 0
"""
LARGEST_NUDGE = 10  # jobs in one message: Celery needs for a message what a job needs for its work
SHARES = 4  # a small backlog is still shared out among the workers' children


def claim_due(*, room: Mapping[str, int]) -> list[Nudge]:
    """Take due jobs for publication, up to each queue's `room`, most pressing queue first.

    Kinds that this process does not know wait for a newer one.
    """
    kinds = known_kinds()
    values: dict[str, list[str] | list[int]] = {
        "queues": [str(queue) for queue in room],
        "limits": list(room.values()),
        "kinds": [kind.name for kind in kinds],
        "leases": [kind.lease for kind in kinds],
    }
    with connection.cursor() as cursor:
        cursor.execute(CLAIM_DUE, values)
        nudges = list(_nudges(cursor.fetchall()))
    return sorted(nudges, key=lambda nudge: JobQueue.values.index(nudge.queue))


def _nudges(rows: Sequence[tuple[UUID, str, str, bool]]) -> Iterator[Nudge]:
    """Put new jobs of one kind into one message, for children that take little time for each.

    What was tried before travels alone: it may kill. So does what sends an alert: it waits behind no other.
    """
    together: dict[tuple[str, str], list[UUID]] = defaultdict(list)
    for job, kind, queue, is_new in rows:
        if is_new and (kind_named(kind).atomic or queue == JobQueue.OUTBOUND):
            together[kind, queue].append(job)
        else:
            yield Nudge((job,), kind, queue)
    for (kind, queue), jobs in together.items():
        size = max(1, min(LARGEST_NUDGE, len(jobs) // SHARES))
        yield from (Nudge(tuple(jobs[at : at + size]), kind, queue) for at in range(0, len(jobs), size))


def _jobs(nudges: Sequence[Nudge]) -> list[UUID]:
    return [job for nudge in nudges for job in nudge.jobs]


class Dispatcher:
    """One pass after another over the table. How long the broker is away is measured with a stopwatch."""

    def __init__(self, publisher: Publisher, standby: StandbyWorkers) -> None:
        self.publisher = publisher
        self.standby = standby
        self.published = 0
        self._lengths: Mapping[str, int] = {}
        self._broker_lost_at: float | None = None
        self._housekeeping_at = self._mind_at = 0.0
        self._repeats_at: datetime | None = None

    @property
    def broker(self) -> str:
        """Return "up" or "lost"."""
        return "up" if self._broker_lost_at is None else "lost"

    @property
    def brokerless(self) -> bool:
        """Return whether the broker has been away long enough to do without it."""
        return self._broker_lost_at is not None and time.monotonic() - self._broker_lost_at > BROKERLESS_AFTER

    def tick(self) -> int:
        """Enqueue what repeats and publish what is due; return how many jobs were published."""
        at = database_now()
        self._repeat(at)
        published = self.publish(at)
        self._keep_house(at)
        self._mind_pressing_jobs(at)
        return published

    def close(self) -> None:
        """End the children and the connection to the broker."""
        self.standby.close()
        self.publisher.close()

    def _repeat(self, at: datetime) -> None:
        if self._repeats_at is None or at >= self._repeats_at:
            enqueue_periodic_jobs(at=at)
            self._repeats_at = next_bucket(at)

    def publish(self, at: datetime) -> int:
        """Publish what is due, if the broker answers; return how many jobs that were."""
        nudges = self._claim() if self._broker_lost_at is None else []
        try:
            self._lengths = self.publisher.exchange(nudges)
        except BrokerUnavailable as error:
            self._note_loss(error)
            give_back(jobs=_jobs(nudges), at=at)
            return 0
        self._note_return()
        self.published += len(_jobs(nudges))
        return len(_jobs(nudges))

    def _claim(self) -> list[Nudge]:
        """Claim what is due for every broker queue that has room for a whole batch."""
        return claim_due(room={queue: BATCH for queue in JobQueue.values if self._has_room(queue)})

    def _has_room(self, queue: str) -> bool:
        return self._lengths.get(queue, 0) <= LONGEST_QUEUE - BATCH

    def _note_loss(self, error: BrokerUnavailable) -> None:
        if self._broker_lost_at is None:
            self._broker_lost_at = time.monotonic()
            log.warning("broker_lost", reason=str(error))

    def _note_return(self) -> None:
        if self._broker_lost_at is not None:
            log.warning("broker_back", after_seconds=round(time.monotonic() - self._broker_lost_at, 1))
            self._broker_lost_at = None

    def _mind_pressing_jobs(self, at: datetime) -> None:
        if self.brokerless:
            self.standby.keep_running(late_by=timedelta())
        elif time.monotonic() >= self._mind_at:
            self._mind_at = time.monotonic() + MINDING
            self._rescue(at)

    def _rescue(self, at: datetime) -> None:
        if overdue_jobs(before=at - RESCUED_AFTER).filter(queue__in=PRESSING).exists():
            self.standby.keep_running(late_by=RESCUED_AFTER)
        else:
            self.standby.rest()

    def _keep_house(self, at: datetime) -> None:
        if time.monotonic() < self._housekeeping_at:
            return
        self._housekeeping_at = time.monotonic() + HOUSEKEEPING
        beat(name="dispatch", at=at)
        if waiting := waiting_kinds():
            log.warning("jobs_wait_for_newer_worker", kinds=waiting)


def stand_in(*, at: datetime) -> int:
    """Publish what is due, once, if the dispatcher was at work and has been silent since; return how many."""
    seen = latest_beat("dispatch")
    if seen is None or at - seen < SILENT_AFTER:
        return 0
    dispatcher = Dispatcher(Publisher(), StandbyWorkers())
    try:
        published = dispatcher.publish(at)
    finally:
        dispatcher.close()
    log.warning("dispatcher_silent", published=published)
    return published
