"""One run of one job: claim by lease, body, finish by fence. Celery calls it, and so does the dispatcher."""

import random
import time
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from datetime import datetime
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError, close_old_connections, connection, transaction

from jobs.clock import database_now
from jobs.errors import INFRASTRUCTURE_ERRORS, LeaseLost, Postpone
from jobs.kinds import Kind
from jobs.services.dead import bury_job
from jobs.services.leases import Lease, claim, finish, give_back, is_held, postpone, retry

log = structlog.get_logger(__name__)

PROCESS_LOST = "ProcessLost"  # the error class of a job whose process died in every attempt
LONGEST_PAUSE = 600  # seconds between two attempts
UNAVAILABLE_PAUSE = 5  # seconds, when the database, the broker or DNS failed
LONGEST_SETTLING = 20  # seconds to wait for a database that restarts
LONGEST_TOGETHER = 1.0  # seconds in which another job of the same message from the broker may begin
DATABASE_UNAVAILABLE = (OperationalError, InterfaceError)
HOLD_LOCKS = "SELECT set_config('idle_in_transaction_session_timeout', %s, true)"
_jitter = random.SystemRandom()
_current: ContextVar[Lease] = ContextVar("current_lease")


def run_jobs(*, jobs: Sequence[UUID], kind: Kind) -> None:
    """Run jobs that came together. When that takes long, others have the rest: a provider may not answer."""
    began = time.monotonic()
    for number, job in enumerate(jobs, start=1):
        run_job(job=job, kind=kind, check_connection=number == 1)
        if number < len(jobs) and time.monotonic() - began > LONGEST_TOGETHER:
            return _leave_to_others(jobs[number:])
    return None


def _leave_to_others(jobs: Sequence[UUID]) -> None:
    """Have them published again at once. Should that fail, they are when a lease would have run out."""
    try:
        give_back(jobs=jobs, at=database_now())
    except DATABASE_UNAVAILABLE as error:
        log.warning("jobs_not_given_back", count=len(jobs), error_class=type(error).__name__)
        connection.close()


def run_job(*, job: UUID, kind: Kind, check_connection: bool = True) -> None:
    """Run the job if it is due and free. Never raises for what the body does: the row holds the outcome."""
    if check_connection and not connection.in_atomic_block:
        close_old_connections()  # or see that they still work
    lease = _claim(job, kind)
    if lease is None:
        log.debug("job_not_claimed", job=str(job), kind=kind.name)
    elif lease.attempts > kind.attempts:
        _settle(lease, lambda: bury_job(lease=lease, kind=kind, error_class=PROCESS_LOST))
    else:
        _run(lease, kind)


def check_lease() -> None:
    """Raise LeaseLost when the running job is no longer ours. Call it right before anything is sent."""
    lease = _current.get(None)
    if lease and not is_held(lease):
        raise LeaseLost(lease.job)


def _claim(job: UUID, kind: Kind) -> Lease | None:
    """Claim the job, on a fresh connection if the old one broke; with no database at all it waits."""
    for _ in range(2):
        try:
            return claim(job=job, kind=kind.name, seconds=kind.lease)
        except DATABASE_UNAVAILABLE as error:
            log.warning("job_claim_failed", job=str(job), kind=kind.name, error_class=type(error).__name__)
            connection.close()
    return None


def _run(lease: Lease, kind: Kind) -> None:
    token = _current.set(lease)
    try:
        _body_and_fence(lease, kind)
    except LeaseLost:
        log.warning("job_lease_lost", job=str(lease.job), kind=kind.name)
    except Postpone as wish:
        _put_off(lease, wish.until)
    except INFRASTRUCTURE_ERRORS as error:
        _put_back(lease, kind, error)
    except Exception as error:  # noqa: BLE001  whatever a body raises is an attempt that failed
        _count_failure(lease, kind, error)
    finally:
        _current.reset(token)


def _body_and_fence(lease: Lease, kind: Kind) -> None:
    if not kind.atomic:
        kind.body(subject=lease.subject, at=lease.at)
        _fence(lease)
        return
    with transaction.atomic():
        _hold_locks_no_longer_than(kind.lease)
        kind.body(subject=lease.subject, at=lease.at)
        _fence(lease)


def _hold_locks_no_longer_than(seconds: int) -> None:
    """Have the database end the transaction of a process that froze in it: others wait for its rows."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD_LOCKS, [f"{seconds}s"])


def _fence(lease: Lease) -> None:
    if not finish(lease):
        raise LeaseLost(lease.job)


def _put_off(lease: Lease, until: datetime) -> None:
    _settle(lease, lambda: postpone(lease, until=until))


def _put_back(lease: Lease, kind: Kind, error: Exception) -> None:
    """Return the attempt: the infrastructure failed, not the job."""
    name = type(error).__name__
    log.warning("job_put_back", job=str(lease.job), kind=kind.name, error_class=name)
    delay = UNAVAILABLE_PAUSE * _jitter.uniform(0.4, 1)
    _settle(lease, lambda: retry(lease, delay=delay, error_class=name, refund=True))


def _count_failure(lease: Lease, kind: Kind, error: Exception) -> None:
    name, known = type(error).__name__, {"job": str(lease.job), "kind": kind.name}
    log.warning("job_failed", **known, error_class=name, attempts=lease.attempts, exc_info=error)
    if lease.attempts >= kind.attempts:
        _settle(lease, lambda: bury_job(lease=lease, kind=kind, error_class=name))
        return
    _settle(lease, lambda: retry(lease, delay=_pause_after(lease.attempts), error_class=name))


def _pause_after(attempts: int) -> float:
    """Return the seconds to the next attempt: 1-2, 2-4, 4-8 ... with jitter, ten minutes at most."""
    longest: int = min(2**attempts, LONGEST_PAUSE)
    return longest * _jitter.uniform(0.5, 1)


def _settle(lease: Lease, ending: Callable[[], bool]) -> None:
    """Write how the run ended, waiting while the database restarts. If it stays away, the lease runs out."""
    give_up_at = time.monotonic() + LONGEST_SETTLING
    while True:
        try:
            if not ending():
                log.warning("job_lease_lost", job=str(lease.job))
            return
        except DATABASE_UNAVAILABLE:
            connection.close()
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.5)
