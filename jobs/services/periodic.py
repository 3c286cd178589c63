"""Work that repeats: one job a kind and time bucket, whoever asks. The dispatcher asks always, beat too."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog
from django.db import transaction

from jobs.kinds import Kind, known_kinds
from jobs.models import Heartbeat
from jobs.services.enqueue import enqueue_job

log = structlog.get_logger(__name__)

NOTICED = timedelta(seconds=30)  # a process that kept house so long ago was away
ReturnListener = Callable[[str, datetime, datetime], None]  # whose sign, when it was seen before, now
_listeners: list[ReturnListener] = []


def enqueue_periodic_jobs(*, at: datetime) -> None:
    """Enqueue every repeating kind's job of the present bucket, unless it is there already."""
    for kind in known_kinds():
        if kind.every:
            _enqueue_bucket(kind, kind.every, at)


def on_return(listener: ReturnListener) -> None:
    """Call `listener` when a process is at work again that had left no sign for a while.

    Nobody else may have noticed, if all of them were stopped.
    """
    if listener not in _listeners:
        _listeners.append(listener)


@transaction.atomic
def beat(*, name: str, at: datetime) -> None:
    """Note that a background process is at work."""
    known = Heartbeat.objects.select_for_update().filter(name=name)
    seen = known.values_list("beaten_at", flat=True).first()
    if not known.update(beaten_at=at):
        Heartbeat.objects.update_or_create(name=name, defaults={"beaten_at": at})
    if seen and at - seen > NOTICED:
        _tell_of_return(name, seen, at)


def _tell_of_return(name: str, seen: datetime, at: datetime) -> None:
    log.warning("process_was_silent", process=name, seconds=round((at - seen).total_seconds(), 1))
    for listener in _listeners:
        try:
            with transaction.atomic():
                listener(name, seen, at)
        except Exception as error:  # noqa: BLE001  the sign of life counts, whatever a listener makes of it
            log.error("return_listener_failed", process=name, error_class=type(error).__name__)


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
