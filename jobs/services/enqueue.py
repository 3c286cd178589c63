"""Work for later: a row in the caller's transaction, and a nudge to the dispatcher after it."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from jobs.enums import JobQueue
from jobs.ids import uuid7
from jobs.kinds import kind_named

CHANNEL = "jobs"  # of LISTEN and NOTIFY

INSERT = """
    INSERT INTO jobs_job (
        id, kind, queue, subject, dedupe_key, due_at, publish_at, attempts, error_class, created_at)
    VALUES (
        %(id)s, %(kind)s, %(queue)s, %(subject)s, %(dedupe_key)s, %(due_at)s, %(due_at)s, 0, '', now())
    ON CONFLICT (dedupe_key) DO NOTHING
    RETURNING due_at <= now()
"""


def enqueue_job(
    *, kind: str, subject: UUID | None, due_at: datetime, dedupe_key: str, queue: JobQueue | None = None
) -> None:
    """Write one job; a second one with the same dedupe_key is dropped without a word.

    It goes to the queue of its kind unless `queue` says otherwise: an alert is a message like any other,
    yet waits behind none of them. Raises UnknownKind when no task has that name, so that a misspelt kind
    fails in its first test and not at night.
    """
    row: dict[str, str | UUID | datetime | None] = {
        "id": uuid7(),
        "kind": kind,
        "queue": queue or kind_named(kind).queue,
        "subject": subject,
        "dedupe_key": dedupe_key,
        "due_at": due_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(INSERT, row)
        inserted = cursor.fetchone()
    if inserted and inserted[0]:
        _wake_dispatcher_on_commit()


def _wake_dispatcher_on_commit() -> None:
    """Arrange one NOTIFY a transaction, after its commit.

    A transaction that carries a NOTIFY holds a lock of the whole cluster while it commits, so such commits
    queue up behind one another's fsync. A separate one, with nothing to sync, holds it for microseconds.
    If it never comes, the dispatcher finds the job within half a second.
    """
    if not any(entry[1] is wake_dispatcher for entry in connection.run_on_commit):
        transaction.on_commit(wake_dispatcher, robust=True)


def wake_dispatcher() -> None:
    """Tell every listening dispatcher that something is due."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('synchronous_commit', 'off', true), pg_notify(%s, '')", [CHANNEL])
