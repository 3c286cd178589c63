"""Reading a phone system's log by hand: what it knows and we do not is written down, in batches."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from crm.csv_files import guessed_columns, read_table
from crm.models import CallLog, Site, User
from crm.refusals import Refusal
from crm.selectors.call_logs import OurCalls, calls_of
from crm.services.phone_calls import Heard, note_call
from crm.telephony.log import HEADINGS, LoggedCall
from jobs.services.enqueue import enqueue_job

KEPT_FOR = timedelta(hours=24)
BATCH = 200  # calls in one transaction


class LogIsRead(Refusal):
    def __init__(self) -> None:
        super().__init__("This log is being read already, or was deleted.")


@transaction.atomic
def upload_log(*, site: Site, by: User, text: str, at: datetime) -> CallLog:
    """Keep a log, encrypted, for a day, with the columns that it seems to have."""
    table = read_table(text)
    columns = guessed_columns(table.headings, HEADINGS)
    log = CallLog.objects.create(
        site=site, by=by, content=text, columns=columns, rows=len(table.rows), uploaded_at=at
    )
    due = at + KEPT_FOR
    enqueue_job(kind="crm.tasks.drop_call_log", subject=log.pk, due_at=due, dedupe_key=f"log:{log.pk}:drop")
    return log


@transaction.atomic
def choose_columns(*, log: CallLog, columns: dict[str, int]) -> None:
    """Say which column means what. Raises LogIsRead."""
    waiting = _waiting(log.pk)
    waiting.columns = columns
    waiting.save(update_fields=["columns"])


@transaction.atomic
def start_reading(*, log: CallLog, at: datetime) -> None:
    """Begin to write down the log's calls. Raises LogIsRead."""
    waiting = _waiting(log.pk)
    waiting.started_at = at
    waiting.save(update_fields=["started_at"])
    _enqueue_batch(waiting, at)


@transaction.atomic
def read_batch(*, log_id: UUID, at: datetime) -> None:
    """Write down the next calls of a log; what was known already is brought up to date and not added."""
    log = CallLog.objects.select_for_update(of=("self",)).select_related("site").get(pk=log_id)
    if log.content is None or log.started_at is None:
        return
    last = min(log.next_row + BATCH, log.rows)
    calls = calls_of(read_table(log.content), log, log.next_row, last)
    ours = OurCalls.since_first_of(log.site, calls)
    log.added += sum(_note(log.site, call, ours, at) for call in calls)
    log.next_row = last
    log.save(update_fields=["added", "next_row"])
    if last < log.rows:
        _enqueue_batch(log, at)
    else:
        _finish(log, at)


@transaction.atomic
def drop_log(*, log_id: UUID, at: datetime) -> bool:
    """Delete a log that was not read to its end; what was read by then stays."""
    log = CallLog.objects.select_for_update().get(pk=log_id)
    if log.finished_at:
        return False
    _finish(log, at)
    return True


def _note(site: Site, call: LoggedCall, ours: OurCalls, at: datetime) -> bool:
    """Write down one call; return whether it is new."""
    known = ours.find(call)
    heard = Heard(site, known.key if known else call.key, read_at=at)
    ours.add(note_call(heard=heard, news=call.news, at=call.started_at))
    return known is None


def _waiting(log_id: UUID) -> CallLog:
    log = CallLog.objects.select_for_update().get(pk=log_id)
    if log.started_at or log.finished_at:
        raise LogIsRead
    return log


def _enqueue_batch(log: CallLog, at: datetime) -> None:
    key = f"log:{log.pk}:{log.next_row}"
    enqueue_job(kind="crm.tasks.read_call_log", subject=log.pk, due_at=at, dedupe_key=key)


def _finish(log: CallLog, at: datetime) -> None:
    log.content, log.finished_at = None, at
    log.save(update_fields=["content", "finished_at"])
