"""Work that repeats: one job a kind and time bucket, whoever asks. The dispatcher asks always, beat too."""

from datetime import UTC, datetime, timedelta

from jobs.kinds import Kind, known_kinds
from jobs.models import Heartbeat
from jobs.services.enqueue import enqueue_job


def enqueue_periodic_jobs(*, at: datetime) -> None:
    """Enqueue every repeating kind's job of the present bucket, unless it is there already."""
    for kind in known_kinds():
        if kind.every:
            _enqueue_bucket(kind, kind.every, at)


def beat(*, name: str, at: datetime) -> None:
    """Note that a background process is at work."""
    Heartbeat.objects.update_or_create(name=name, defaults={"beaten_at": at})


def _enqueue_bucket(kind: Kind, seconds: int, at: datetime) -> None:
    """The job is due when it is enqueued: one that nobody was there to enqueue in time is not late work."""
    bucket = datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, tz=UTC)
    enqueue_job(
        kind=kind.name, subject=None, due_at=at, dedupe_key=f"{kind.name}:{bucket:%Y-%m-%dT%H:%M:%SZ}"
    )


def next_bucket(at: datetime) -> datetime:
    """Return when the next repeating kind's bucket begins; in a minute when nothing repeats."""
    pauses = [kind.every - at.timestamp() % kind.every for kind in known_kinds() if kind.every]
    return at + timedelta(seconds=min(pauses, default=60.0))
