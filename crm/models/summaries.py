"""When the managers of a site get its daily summary, change by change."""

from django.db import models

from crm.models.staff import Site, User
from jobs.ids import uuid7


class SummaryTime(models.Model):
    """One change of Site.day_summary_at, who made it and why. Never edited (database trigger)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="summary_times")
    version = models.PositiveIntegerField()
    clock = models.TimeField("in the site's own time; none: no summary", null=True)
    reason = models.CharField(max_length=300)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="summary_times")
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["site", "version"], name="one_summary_time_a_version"),
        )

    def __str__(self) -> str:
        return f"Daily summary of {self.site_id}, version {self.version}"
