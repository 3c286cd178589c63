"""The board: open leads by stage, a column each, at one fixed price however many leads there are."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db.models import QuerySet

from crm.enums import ALLOWED_MOVES, Queue, Stage
from crm.models import Lead, User
from crm.models.lead import OPEN
from crm.selectors.counts import CAP, CappedCount
from crm.selectors.leads import leads_visible_to
from crm.selectors.queue_rows import QueueRow, rows_of
from crm.selectors.queues import ORDER, Cursor

COLUMNS = (Stage.NEW, Stage.CONTACTED, Stage.ASSESSING, Stage.OFFERED, Stage.BOOKED)
CARDS = 20
BY_OTHER_MEANS = {Stage.CONTACTED, Stage.CLOSED}  # by a logged contact, and by closing


@dataclass(frozen=True, slots=True)
class Column:
    """One stage. `count` is what stands above it, `next_cursor` is empty when all cards are shown."""

    stage: Stage
    cards: list[QueueRow]
    count: str
    next_cursor: str

    @property
    def moves(self) -> list[Stage]:
        """Return where a card of this column can be moved by a press."""
        return [stage for stage in Stage if stage in ALLOWED_MOVES[self.stage] - BY_OTHER_MEANS]


def board(
    *, user: User, at: datetime, only: Stage | None = None, after: Cursor | None = None
) -> list[Column]:
    """Return the columns, or the next cards of one of them, most pressing first.

    Leads in review are left out: nobody has said yet that they are real. Five queries.
    """
    stages = [only] if only else list(COLUMNS)
    ids = _ids(stages, user, after)
    shown = [pk for found in ids.values() for pk in found[:CARDS]]
    rows, counts = rows_of(shown, user, at), _counts(stages, user)
    return [_column(stage, ids[stage], rows, counts[stage]) for stage in stages]


def _column(stage: Stage, ids: list[UUID], rows: dict[UUID, QueueRow], count: int) -> Column:
    cards = [rows[pk] for pk in ids[:CARDS] if pk in rows]
    more = len(ids) > CARDS and bool(cards)
    words = f"{CAP - 1}+" if count >= CAP else str(count)
    return Column(stage, cards, words, str(Cursor.of(cards[-1].lead)) if more else "")


def _ids(stages: list[Stage], user: User, after: Cursor | None) -> dict[Stage, list[UUID]]:
    """Return the first leads of each stage, one more than is shown, in one query."""
    parts = [_leads(stage, user) for stage in stages]
    parts = [part.filter(after.rest) for part in parts] if after else parts
    first, *others = [
        part.order_by(*ORDER).values_list("stage", "pk", *ORDER[:2])[: CARDS + 1] for part in parts
    ]
    merged = first.union(*others, all=True).order_by(*ORDER) if others else first
    found: dict[Stage, list[UUID]] = {stage: [] for stage in stages}
    for stage, pk, *_ in merged:
        found[Stage(stage)].append(pk)
    return found


def _counts(stages: list[Stage], user: User) -> dict[Stage, int]:
    """Count each stage as far as the screen shows: by the index, and no further than a hundred."""
    counts = {stage.value.lower(): CappedCount(_leads(stage, user)) for stage in stages}
    found = cast("dict[str, int]", User.objects.filter(pk=user.pk).values(**counts).get())
    return {stage: found[stage.value.lower()] for stage in stages}


def _leads(stage: Stage, user: User) -> QuerySet[Lead]:
    return leads_visible_to(user).filter(OPEN, stage=stage).exclude(queue=Queue.REVIEW)
