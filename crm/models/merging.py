"""Two leads that turned out to be one episode, and pairs that only look so."""

from django.db import models
from django.db.models import F, Q

from crm.models.lead import Lead
from crm.models.staff import User
from jobs.ids import uuid7
from vault.fields import EncryptedJSONField


class LeadMerge(models.Model):
    """One lead that went into another, with what is needed to part them again.

    `people` holds, for each person of the survivor that was brought up to date, what changed: {id: {field:
    [before, after]}}. `requests` are the callers' open wishes that went along, `before` what the duplicate
    had (crm.services.as_it_was), and `taken` what came over to the survivor with it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    duplicate = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="merges")
    survivor = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="merges_into")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    merged_at = models.DateTimeField()
    people = EncryptedJSONField(default=dict)
    requests = models.JSONField(default=dict)
    before = models.JSONField(default=dict, db_default={})
    taken = models.JSONField(default=dict, db_default={})
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["duplicate"], condition=Q(undone_at=None), name="merged_once_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(duplicate=F("survivor")), name="merged_into_another_lead"),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="undone_merge_has_who_and_when",
            ),
        )

    def __str__(self) -> str:
        return f"{self.duplicate_id} into {self.survivor_id}"


class NotDuplicate(models.Model):
    """A person's word that two leads are two episodes: they are not suggested again. `first` < `second`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    first = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["first", "second"], name="said_apart_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="said_apart_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.first_id} is not {self.second_id}"
