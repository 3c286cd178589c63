"""What happened to a lead, and who looked at it."""

from django.db import models

from crm.enums import EventKind
from crm.models.lead import Lead
from crm.models.staff import User
from jobs.ids import uuid7
from vault.fields import EncryptedTextField


class LeadEvent(models.Model):
    """One thing that happened. Append-only: UPDATE and DELETE are refused by a database trigger.

    `data` holds codes and numbers only; whatever a person typed goes into `note`, encrypted.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=EventKind)
    occurred_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="events")
    data = models.JSONField(default=dict)
    note = EncryptedTextField(blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["lead", "occurred_at"], name="event_by_lead"),
            # crm.reports: all events of one kind in a range
            models.Index(fields=["kind", "occurred_at"], name="event_by_kind"),
        )

    def __str__(self) -> str:
        return f"{self.kind} on lead {self.lead_id}"


class LeadAccess(models.Model):
    """One read of a lead's record: who, what, when."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="accesses")
    by = models.ForeignKey(User, on_delete=models.PROTECT)
    what = models.CharField(max_length=40)
    accessed_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["lead", "-accessed_at"], name="access_by_lead"),)

    def __str__(self) -> str:
        return f"{self.what} of lead {self.lead_id}"
