"""What managers, /readyz and the auditor ask about durable work."""

from datetime import datetime

from django.db.models import Count, Min, QuerySet

from jobs.kinds import known_kinds
from jobs.models import OPEN, Heartbeat, Job


def dead_jobs() -> QuerySet[Job]:
    """Return the jobs that used up their attempts, latest first."""
    return Job.objects.filter(dead_at__isnull=False).order_by("-dead_at")


def overdue_jobs(*, before: datetime) -> QuerySet[Job]:
    """Return the open jobs that were due before that time, longest overdue first."""
    return Job.objects.filter(OPEN, due_at__lt=before).order_by("due_at")


def oldest_due_by_queue(*, at: datetime) -> dict[str, datetime]:
    """Return the earliest due time of each queue that has an open job due by `at`."""
    due = Job.objects.filter(OPEN, due_at__lte=at)
    return dict(due.values_list("queue").annotate(oldest=Min("due_at")).order_by())


def waiting_kinds() -> dict[str, int]:
    """Return how many open jobs wait for a newer worker, by kind that this process does not know."""
    known = [kind.name for kind in known_kinds()]
    unknown = Job.objects.filter(OPEN).exclude(kind__in=known)
    return dict(unknown.values_list("kind").annotate(count=Count("pk")).order_by())


def latest_beat(name: str) -> datetime | None:
    """Return when the process of that name was last seen at work; None when never."""
    return Heartbeat.objects.filter(name=name).values_list("beaten_at", flat=True).first()


def dispatch_status(*, at: datetime) -> dict[str, object]:
    """Return the state of the queues as JSON-ready figures: seconds, counts and names."""
    oldest = oldest_due_by_queue(at=at)
    seen = latest_beat("dispatch")
    return {
        "oldest_due_seconds": {queue: round((at - due).total_seconds(), 1) for queue, due in oldest.items()},
        "dead": dead_jobs().count(),
        "waiting_kinds": waiting_kinds(),
        "dispatcher_seen_seconds": round((at - seen).total_seconds(), 1) if seen else None,
    }
