"""Something done to many leads at once, and what came of it for each."""

from django.db import models
from django.db.models import Q

from crm.enums import BulkAction
from crm.models.lead import Lead
from crm.models.staff import User
from jobs.ids import uuid7


class Batch(models.Model):
    """One press of a button; undoing it is one press, too. `details` holds ids and codes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="batches")
    action = models.CharField(max_length=10, choices=BulkAction)
    details = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "batches"

    def __str__(self) -> str:
        return f"{self.get_action_display()} by {self.by_id}"


class BatchItem(models.Model):
    """One lead of a batch: done, with what is needed to undo it, or not, with the reason that was given."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items")
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="+")
    refusal = models.CharField(max_length=300, blank=True)
    before = models.JSONField(default=dict)
    undone = models.BooleanField(null=True)
    undo_refusal = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["batch", "lead"], name="once_a_batch"),
            models.CheckConstraint(
                condition=Q(refusal="") | Q(undone=None), name="only_what_was_done_is_undone"
            ),
        )

    def __str__(self) -> str:
        return f"lead {self.lead_id} in batch {self.batch_id}"
