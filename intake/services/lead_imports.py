"""Importing a list: upload, columns, a check that makes nothing, and the import itself, in batches.

Each row has a key of its own, so a batch that breaks off goes on where it was, and the same list twice makes
nothing twice. A row that cannot be read makes nothing at all.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from crm.csv_files import read_table
from crm.models import Site, User
from crm.refusals import Refusal
from intake.enums import ImportState
from intake.models import LeadImport
from jobs.services.enqueue import enqueue_job

KEPT_FOR = timedelta(hours=24)  # an upload that nobody goes on with
NOTHING_YET: dict[str, int] = dict.fromkeys(("next_row", "opened", "joined", "known", "failed"), 0)


class NotNow(Refusal):
    def __init__(self) -> None:
        super().__init__("That cannot be done with this list now.")


@transaction.atomic
def upload_list(*, site: Site, by: User, text: str, at: datetime) -> LeadImport:
    """Keep a list, encrypted, for a day."""
    batch = LeadImport.objects.create(
        site=site, by=by, content=text, rows=len(read_table(text).rows), uploaded_at=at
    )
    enqueue_job(
        kind="intake.tasks.drop_unfinished_import",
        subject=batch.pk,
        due_at=at + KEPT_FOR,
        dedupe_key=f"import:{batch.pk}:drop",
    )
    return batch


def check_list(*, batch: LeadImport, columns: dict[str, int], at: datetime) -> None:
    """Read every row with these columns and say what would become of it; nothing is made. Raises NotNow."""
    _begin(batch, (ImportState.UPLOADED, ImportState.CHECKED), ImportState.CHECKING, at, columns)


def import_list(*, batch: LeadImport, at: datetime) -> None:
    """Begin to make enquiries of the rows of a list that was checked. Raises NotNow."""
    _begin(batch, (ImportState.CHECKED,), ImportState.IMPORTING, at, batch.columns)


@transaction.atomic
def drop_list(*, batch_id: UUID, at: datetime) -> bool:
    """Delete a list that is not imported to its end; what was made of it by then stays."""
    batch = LeadImport.objects.select_for_update().get(pk=batch_id)
    if batch.finished_at:
        return False
    if batch.state != ImportState.IMPORTING:
        _forget_the_check(batch)  # it said what could be made: none of it was
    finish(batch, ImportState.DROPPED, at)
    return True


def finish(batch: LeadImport, state: ImportState, at: datetime) -> None:
    """Delete the content of a list that is done with."""
    batch.state, batch.content, batch.finished_at = state, None, at
    batch.save(update_fields=["state", "content", "finished_at", "problems", "joins", *NOTHING_YET])


def enqueue_batch(batch: LeadImport, at: datetime) -> None:
    """Write the job that goes on from the next row."""
    enqueue_job(
        kind="intake.tasks.work_on_import",
        subject=batch.pk,
        due_at=at,
        dedupe_key=f"import:{batch.pk}:{batch.state}:{batch.next_row}:{at.timestamp()}",
    )


@transaction.atomic
def _begin(
    batch: LeadImport,
    allowed: tuple[ImportState, ...],
    to: ImportState,
    at: datetime,
    columns: dict[str, int],
) -> None:
    fresh = LeadImport.objects.select_for_update().get(pk=batch.pk)
    if fresh.state not in allowed:
        raise NotNow
    _forget_the_check(fresh)
    fresh.state, fresh.columns = to, columns
    fresh.save()
    enqueue_batch(fresh, at)


def _forget_the_check(batch: LeadImport) -> None:
    for name, value in NOTHING_YET.items():
        setattr(batch, name, value)
    batch.problems, batch.joins = [], []
