"""Answers that were not sent yet."""

from django.db import models

from intake.models.enquiry import Enquiry
from jobs.ids import uuid7
from vault.fields import EncryptedJSONField


class Draft(models.Model):
    """One journey under way: what was answered so far (intake.progress), until it is sent or runs out.

    The browser holds a key, of which the row has only a hash. Saved to come back to, it also has a link and
    a code: the hash of the one, a keyed token of the other. `sent_as` is what became of it: the answers are
    gone then, and the row only leads a second press of Send to the same page.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    journey = models.CharField(max_length=20)
    progress = EncryptedJSONField()
    key_hash = models.BinaryField(max_length=32, unique=True)
    link_hash = models.BinaryField(max_length=32, unique=True, null=True)
    code_token = models.BigIntegerField(null=True)
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    wrong_code_at = models.DateTimeField(null=True)
    sent_as = models.ForeignKey(Enquiry, on_delete=models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    open_until = models.DateTimeField("the browser that has the key may read it until then")
    expires_at = models.DateTimeField("deleted then")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(link_hash=None, code_token=None)
                | models.Q(link_hash__isnull=False, code_token__isnull=False),
                name="saved_draft_has_link_and_code",
            ),
        )
        indexes = (
            # intake.services.drafts.delete_expired_drafts
            models.Index(fields=["expires_at"], name="draft_expires"),
        )

    def __str__(self) -> str:
        return f"{self.journey} {self.pk}"

    @property
    def is_saved(self) -> bool:
        return self.link_hash is not None
