"""What it costs to send, and to look for what is to be sent: the outbox, and every sweep."""

import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial

from django.db import connection, transaction
from structlog.testing import capture_logs

from bench.measures import Row
from jobs.clock import database_now
from jobs.enums import JobQueue
from jobs.kinds import Kind, known_kinds
from jobs.selectors import waiting_kinds
from jobs.services.dispatch import BATCH, claim_due
from notifications.enums import MessageKind
from notifications.models import Message
from notifications.services.outbox import queue_message

FREQUENT = 60  # seconds: kinds that repeat at least so often
BY_THEMSELVES = "intake.tasks.send_canary"  # talks to the web server: no sweep
DRAINED = """
    SELECT extract(epoch FROM max(sent_at) - %s), count(*) FILTER (WHERE sent_at IS NULL)
    FROM notifications_message WHERE dedupe_key LIKE 'bench:%%'
"""
# Sent, delivered, answered and done, long enough ago to be none of the present's business. Ids go up, as the
# product's do.
FILL = (
    """
    INSERT INTO notifications_escalation (id, about, site, kind, level, dedupe_key, started_at, step, round,
                together, next_at, red_at, how, ended_at, ended_why)
    SELECT {id}, gen_random_uuid(), gen_random_uuid(), 'URGENT_LEAD_ALERT', 'U1', 'filled ' || n,
           {at}, 0, 0, false, {at}, {at}, '', {at}, 'OVER'
    FROM generate_series(%(from)s, %(to)s) n
    """,
    """
    INSERT INTO notifications_message (id, kind, channel, "to", context, about, dedupe_key, state, tries,
                recipient, created_at, sent_at)
    SELECT {id}, 'URGENT_LEAD_ALERT', 'EMAIL', sealed.to, sealed.context, gen_random_uuid(), 'filled ' || n,
           'SENT', 1, n, {at}, {at}
    FROM generate_series(%(from)s, %(to)s) n,
         (SELECT "to", context FROM notifications_message LIMIT 1) sealed
    """,
    """
    INSERT INTO notifications_delivery (id, message_id, started_at, finished_at, outcome, reason)
    SELECT {id}, {id}, {at}, {at}, 'ACCEPTED', '' FROM generate_series(%(from)s, %(to)s) n
    """,
    """
    INSERT INTO jobs_job (id, kind, queue, subject, dedupe_key, due_at, publish_at, attempts, done_at,
                error_class, created_at)
    SELECT {id}, 'notifications.tasks.deliver_message', 'alerts', {id}, 'filled ' || n, {at}, {at}, 1, {at},
           '', {at}
    FROM generate_series(%(from)s, %(to)s) n
    """,
)
ID = "('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid"
AT = "now() - interval '13 days' + n * interval '0.8 s'"
SCANS = "SELECT sum(seq_scan) FROM pg_stat_user_tables WHERE relname = ANY(%s)"
TABLES = ("notifications_escalation", "notifications_message", "notifications_delivery", "jobs_job")


def throughput(*, messages: int) -> Iterator[Row]:
    """Messages a second from the outbox through dispatcher, broker and workers to a null channel."""
    with transaction.atomic():
        for number in range(messages):
            queue_message(
                kind=MessageKind.TEST,
                to=f"caller{number}@example.org",
                context={},
                dedupe_key=f"bench:{number}",
                about=None,
                at=database_now(),
            )
    began = database_now()
    _wait_until_sent()
    with connection.cursor() as cursor:
        cursor.execute(DRAINED, [began])
        took, unsent = cursor.fetchone()
    yield Row(f"outbox: {messages:,} messages to a null channel", messages / float(took), "a second", "300")
    yield Row("messages left unsent", unsent, "", "0")


def sweeps(*, few: int, many: int, times: int) -> Iterator[Row]:
    """What every sweep and every pass costs with so many and with so many sent rows in each table."""
    fill(1, few)
    before = {name: _took(sweep, times) for name, sweep in _sweeps().items()}
    began = time.perf_counter()
    fill(few + 1, many)
    yield Row(f"writing {many:,} sent rows to each table", time.perf_counter() - began, "s")
    after = {name: _took(sweep, times) for name, sweep in _sweeps().items()}
    worst = max(after, key=lambda name: after[name])
    growth = sum(after.values()) / sum(before.values())
    yield Row(f"all sweeps once, {few:,} sent rows", 1000 * sum(before.values()), "ms")
    yield Row(f"all sweeps once, {many:,} sent rows", 1000 * sum(after.values()), "ms")
    yield Row(f"the dearest of them, {worst}", 1000 * after[worst], "ms")
    yield Row("all sweeps: growth", growth, "times", "1.3 at most")
    readers = [name for name, sweep in _sweeps().items() if _reads_a_whole_table(sweep)]
    yield Row(f"sweeps that read a whole table {', '.join(readers)}", len(readers), "", "0")


def fill(first: int, last: int) -> None:
    """Add rows that are done with, numbered from `first` to `last`, and have the planner know of them."""
    with connection.cursor() as cursor:
        for statement in FILL:
            cursor.execute(statement.format(id=ID, at=AT), {"from": first, "to": last})
        for table in TABLES:
            cursor.execute(f"VACUUM (ANALYZE) {table}")


def _reads_a_whole_table(sweep: Callable[[], object]) -> bool:
    """Return whether the large tables were scanned from end to end: what was done, not what was planned."""
    before = _scans()
    _took(sweep, 1)
    return _scans() > before


def _scans() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(SCANS, [list(TABLES)])
        count: int = cursor.fetchone()[0]
    return count


def _sweeps() -> dict[str, Callable[[], object]]:
    """Return every kind that repeats within a minute, and what each pass of the dispatcher asks."""
    kinds = {kind.name: partial(_run, kind) for kind in known_kinds() if _is_frequent(kind)}
    room = dict.fromkeys(JobQueue.values, BATCH)
    return {"claim_due": lambda: claim_due(room=room), "waiting_kinds": waiting_kinds, **kinds}


def _is_frequent(kind: Kind) -> bool:
    return bool(kind.every and kind.every <= FREQUENT and kind.name != BY_THEMSELVES)


def _run(kind: Kind) -> None:
    kind.body(subject=None, at=database_now())


def _took(sweep: Callable[[], object], times: int) -> float:
    """Return the median of the seconds that it took, after one to warm up. Nothing of it stays.

    Nor is it logged: what the auditor finds among rows that were filled in is no news.
    """
    seconds = []
    for _ in range(times + 1):
        began = time.perf_counter()
        with transaction.atomic(), capture_logs():
            sweep()
            transaction.set_rollback(True)
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds[1:])


def _wait_until_sent(limit: float = 300) -> None:
    until = time.monotonic() + limit
    while (
        time.monotonic() < until
        and Message.objects.filter(dedupe_key__startswith="bench:", sent_at=None).exists()
    ):
        time.sleep(0.2)
