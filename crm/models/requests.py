"""What callers ask of us from their own page."""

from django.db import models
from django.db.models import Q

from crm.enums import RequestKind
from crm.models.lead import Lead
from crm.models.staff import User
from jobs.ids import uuid7
from vault.fields import EncryptedTextField


class CallerRequest(models.Model):
    """One wish of a caller, open until it is settled. `enquiry` is the reference of the page it came from.

    `is_verified`: the page is of the enquiry that opened the lead. A later one with the same number may be
    somebody else's. `due_date` is there where the law sets one.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=12, choices=RequestKind)
    enquiry = models.CharField(max_length=9)
    is_verified = models.BooleanField()
    asked_at = models.DateTimeField()
    due_date = models.DateField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    outcome = EncryptedTextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["lead", "kind"], condition=Q(settled_at=None), name="one_open_request_of_a_kind"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on lead {self.lead_id}"
