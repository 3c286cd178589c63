"""What came of something that was done to many leads."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.models import Batch, BatchItem


@dataclass(frozen=True, slots=True)
class BatchResult:
    """The leads of a batch: those that were done and those that were not, each with its reason."""

    batch: Batch
    done: list[BatchItem]
    refused: list[BatchItem]
    not_undone: list[BatchItem]
    may_undo: bool

    @property
    def line(self) -> str:
        """Return "27 done, 3 not: T7K4-9QXM: Sam has this lead now. …", naming five at most."""
        whys = [f"{item.lead.reference}: {item.refusal}" for item in self.refused[:5]]
        more = [f"And {len(self.refused) - 5} more."] if len(self.refused) > 5 else []
        what = f"{len(self.done)} done"
        return f"{what}, {len(self.refused)} not: {' '.join(whys + more)}" if whys else f"{what}."


def batch_result(batch: Batch, at: datetime, *, undo_within: timedelta) -> BatchResult:
    """Return what came of a batch, in two queries."""
    items = list(batch.items.select_related("lead").order_by("lead__reference"))
    done = [item for item in items if not item.refusal]
    return BatchResult(
        batch=batch,
        done=done,
        refused=[item for item in items if item.refusal],
        not_undone=[item for item in done if item.undone is False],
        may_undo=bool(done) and batch.undone_at is None and at <= batch.made_at + undo_within,
    )
