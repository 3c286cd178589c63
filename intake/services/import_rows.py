"""The work on a list's rows, a batch at a time: each row is counted once, whatever breaks off when."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from crm.csv_files import Table, read_table
from intake.enums import ImportState
from intake.imports import RowError, read_row, row_keys
from intake.models import LeadImport
from intake.services.import_check import RowCheck
from intake.services.import_outcomes import (
    FAILED,
    JOINED,
    KNOWN,
    OPENED,
    OTHER_WORDS,
    Outcome,
    earlier_enquiry,
    refuse_other_words,
    submission_of,
)
from intake.services.lead_imports import enqueue_batch, finish
from intake.services.submission import KeyReused, submit_enquiry

BATCH = {ImportState.CHECKING: 1000, ImportState.IMPORTING: 50}
PAUSE = timedelta(seconds=1)  # so that whoever writes now is placed between two batches
MOST_PROBLEMS = MOST_JOINS = 500
Handle = Callable[[LeadImport, int, Table, datetime], Outcome]


def work_on_list(*, batch_id: UUID, at: datetime) -> None:
    """Do the next batch of a list, and write the job of the one after it."""
    batch = LeadImport.objects.select_related("site", "by").get(pk=batch_id)
    if not batch.is_working or batch.content is None:
        return
    state = ImportState(batch.state)
    table = read_table(batch.content)
    handle = RowCheck(batch, table) if state == ImportState.CHECKING else _import_row
    if _do_rows(batch, table, handle, at):
        _go_on(batch.pk, state, at)


def _do_rows(
    batch: LeadImport,
    table: Table,
    handle: Callable[[LeadImport, int, Table, datetime], Outcome],
    at: datetime,
) -> bool:
    """Handle a batch of rows; return False when somebody else has taken over, or the list is gone."""
    last = min(batch.next_row + BATCH[ImportState(batch.state)], len(table.rows))
    for place in range(batch.next_row, last):
        outcome = handle(batch, place, table, at)
        if not _count(batch, place, table.rows[place][0], outcome):
            return False
    return True


@transaction.atomic
def _count(batch: LeadImport, place: int, number: int, outcome: Outcome) -> bool:
    """Count a row, unless another process did; then it goes on with the list, and this one stops."""
    fresh = (
        LeadImport.objects.select_for_update()
        .defer("content")
        .filter(pk=batch.pk, state=batch.state, next_row=place)
        .first()
    )
    if fresh is None:
        return False
    fresh.next_row = place + 1
    setattr(fresh, outcome.counter, getattr(fresh, outcome.counter) + 1)
    changed = ["next_row", outcome.counter]
    if outcome.problems and len(fresh.problems) < MOST_PROBLEMS:
        fresh.problems = [*fresh.problems, [number, outcome.problems]]
        changed.append("problems")
    if outcome.joins and len(fresh.joins) < MOST_JOINS:
        fresh.joins = [*fresh.joins, [number, outcome.joins]]
        changed.append("joins")
    fresh.save(update_fields=changed)
    return True


@transaction.atomic
def _go_on(batch_id: UUID, state: ImportState, at: datetime) -> None:
    batch = LeadImport.objects.select_for_update().get(pk=batch_id)
    if batch.state != state:
        return
    if batch.next_row < batch.rows:
        enqueue_batch(batch, at + PAUSE if state == ImportState.IMPORTING else at)
    elif state == ImportState.CHECKING:
        batch.state = ImportState.CHECKED
        batch.save(update_fields=["state"])
    else:
        finish(batch, ImportState.DONE, at)


def _import_row(batch: LeadImport, place: int, table: Table, at: datetime) -> Outcome:
    """Make an enquiry of a row, the way that every other one goes; once, however often it is tried."""
    cells = table.cells(place, batch.columns)
    try:
        row = read_row(cells)
        earlier = earlier_enquiry(batch, cells)
        source = {"import": str(batch.pk), "row": str(table.rows[place][0])}
        if earlier and earlier.source != source:
            refuse_other_words(batch, row, earlier)
            return Outcome(KNOWN)
        key = earlier.idempotency_key if earlier else row_keys(str(batch.site_id), cells)[0]
        receipt = submit_enquiry(submission=submission_of(batch, row, key, source), at=at)
    except RowError as error:
        return Outcome(FAILED, error.problems)
    except KeyReused:
        return Outcome(FAILED, [OTHER_WORDS])
    reference = receipt.answer.reference
    return Outcome(OPENED) if reference == receipt.enquiry.reference else Outcome(JOINED, joins=reference)
