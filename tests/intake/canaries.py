"""Canaries for tests: sent to a real web server, and followed as the workers do."""

from datetime import datetime, timedelta

from intake.models import Audit, CanaryRun
from intake.services.canary import send_canary
from jobs.clock import database_now
from jobs.kinds import kind_named
from jobs.models import OPEN, Job
from jobs.services.running import run_job


def run_all_due() -> None:
    """Run every job that is due, and what it leads to, as the dispatcher would have workers do."""
    while due := list(Job.objects.filter(OPEN, due_at__lte=database_now(), lease_token=None)):
        for job in due:
            run_job(job=job.pk, kind=kind_named(job.kind))


def send(at: datetime) -> None:
    """Send a canary, if it is time, as somebody who has been at work for a while."""
    Audit.objects.create(at=at - timedelta(seconds=30), passed=True)
    send_canary(at=at)


def fly() -> CanaryRun:
    """Send a canary, do all the work that is due, and follow it once."""
    send(database_now())
    run_all_due()
    run = CanaryRun.objects.latest("begun_at")
    follow = Job.objects.get(dedupe_key=f"follow:{run.pk}")
    Job.objects.filter(pk=follow.pk).update(due_at=database_now())
    run_job(job=follow.pk, kind=kind_named(follow.kind))
    run.refresh_from_db()
    return run


def ended(at: datetime, *, missed: str = "", reason: str = "") -> CanaryRun:
    """Write down a canary that was sent then, and came through or not."""
    half = timedelta(milliseconds=500)
    stages = {} if missed else dict.fromkeys(("form_at", "lead_at", "placed_at", "alerted_at"), at + half)
    over = at + timedelta(seconds=31 if missed else 3)
    return CanaryRun.objects.create(begun_at=at, ended_at=over, missed=missed, reason=reason, **stages)
