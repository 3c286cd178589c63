"""A tab of the dashboard with filters, kept under a name."""

from django.db import models

from crm.models.staff import Site, User
from jobs.ids import uuid7


class SavedView(models.Model):
    """`query` is what stands in the address (crm.queue_filters): codes, never a name or a number.

    With a `site` it is shared with everybody who works there.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    site = models.ForeignKey(Site, on_delete=models.CASCADE, null=True, related_name="shared_views")
    name = models.CharField(max_length=40)
    tab = models.CharField(max_length=10)
    query = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "name"], name="one_view_of_a_name"),)

    def __str__(self) -> str:
        return self.name
