"""Every try to reach somebody."""

from django.db import models

from crm.enums import ContactMethod, ContactOutcome
from crm.models.lead import Lead
from crm.models.person import Person
from crm.models.staff import User
from jobs.ids import uuid7
from vault.fields import EncryptedTextField


class ContactAttempt(models.Model):
    """One try, permanent (database trigger). Two-way contact is what stops the first-response clock."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="attempts")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    by = models.ForeignKey(User, on_delete=models.PROTECT)
    method = models.CharField(max_length=10, choices=ContactMethod)
    outcome = models.CharField(max_length=20, choices=ContactOutcome)
    two_way = models.BooleanField(default=False)
    note = EncryptedTextField(blank=True)
    override_reason = EncryptedTextField("why the safe-contact rules were set aside", blank=True)
    attempted_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["lead", "-attempted_at"], name="attempt_by_lead"),)

    def __str__(self) -> str:
        return f"{self.method} {self.outcome} on lead {self.lead_id}"
