"""What another program shows instead of a password, to act for a member of staff."""

from django.db import models

from crm.models.staff import User
from jobs.ids import uuid7


class ApiToken(models.Model):
    """One bearer token. Only its SHA-256 is kept: 256 random bits need no slower hash."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField("latest use, to the minute", null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"API token {self.id}"
