"""What happened to a lead, and who looked at it."""

from django.db import models
from django.db.models import Case, Q, Value, When

from crm.enums import FUNNEL, EventKind, event_kinds
from crm.models.lead import Lead
from crm.models.staff import User
from jobs.ids import uuid7
from vault.fields import EncryptedTextField

_STEP_PROVEN = Case(
    When(kind=EventKind.FIRST_CONTACT, then=Value(1)),
    *(
        When(kind=EventKind.STAGE_MOVED, data__to=stage.value, then=Value(step))
        for step, stage in enumerate(FUNNEL, 1)
    ),
    output_field=models.SmallIntegerField(),
)


class LeadEvent(models.Model):
    """One thing that happened. Append-only: UPDATE and DELETE are refused by a database trigger.

    `data` holds codes and numbers only; whatever a person typed goes into `note`, encrypted.
    `reached` is computed by the database: the funnel's step (1 contacted … 5 admitted) that the event proves.
    A trigger keeps the furthest one on the lead.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=event_kinds)
    occurred_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="events")
    data = models.JSONField(default=dict)
    note = EncryptedTextField(blank=True)
    reached = models.GeneratedField(
        expression=_STEP_PROVEN, output_field=models.SmallIntegerField(null=True), db_persist=True
    )

    class Meta:
        constraints = (
            # also read alone by crm.reports: how long each lead waited
            models.UniqueConstraint(
                fields=["lead"],
                condition=Q(kind=EventKind.FIRST_CONTACT),
                include=["data"],
                name="one_first_contact_a_lead",
            ),
        )
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
