"""What somebody asked of us, word for word."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from crm.enums import LeadChannel
from crm.models import Lead, Site, User
from jobs.ids import uuid7
from vault.fields import EncryptedJSONField


class Enquiry(models.Model):
    """One submission. Only its outcome (`lead`, `linked_at`, `answer`) is written after the insert, once.

    A database trigger refuses any other change. `fingerprint` is a keyed hash of the whole submission: the
    same `idempotency_key` with another fingerprint is a conflict (RELIABILITY, point 8).

    Whatever the same caller says later about it is another one that `adds_to` the first: `said` is what was
    said this time, `answers` all that has been said by then.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(max_length=9, unique=True)
    idempotency_key = models.CharField(max_length=100, unique=True)
    fingerprint = models.BigIntegerField()
    site = models.ForeignKey(Site, on_delete=models.PROTECT)
    channel = models.CharField(max_length=10, choices=LeadChannel)
    form_version = models.CharField(max_length=30)
    answers = EncryptedJSONField()
    contact = EncryptedJSONField()
    consent = models.JSONField(default=dict)
    source = models.JSONField("where the visitor came from", default=dict)
    flags = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    received_at = models.DateTimeField()
    adds_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="additions"
    )
    said = EncryptedJSONField("what was said this time, of an addition", null=True, blank=True)

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, null=True, related_name="enquiries")
    linked_at = models.DateTimeField(null=True)
    answer = EncryptedJSONField("what the caller was told", null=True)

    class Meta:
        verbose_name_plural = "enquiries"
        constraints = (
            models.CheckConstraint(
                condition=Q(lead=None, linked_at=None) | Q(lead__isnull=False, linked_at__isnull=False),
                name="linked_enquiry_has_time",
            ),
        )
        indexes = (
            # intake.services.repair.link_stranded_enquiries and manage.py reconcile
            models.Index(fields=["received_at"], condition=Q(lead=None), name="enquiry_unlinked"),
            # intake.services.submission: the same words sent again a moment later
            models.Index(fields=["fingerprint"], name="enquiry_fingerprint"),
        )

    def __str__(self) -> str:
        return self.reference
