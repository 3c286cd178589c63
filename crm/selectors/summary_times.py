"""When the managers of each site get its daily summary."""

from uuid import UUID

from django.db.models import Max, QuerySet

from crm.models import Site, SummaryTime


def summary_version(site: UUID) -> int:
    """Return the version in force. Version 0 is the time that a site begins with."""
    return SummaryTime.objects.filter(site=site).aggregate(latest=Max("version"))["latest"] or 0


def summary_times(site: Site) -> QuerySet[SummaryTime]:
    """Return every change, the latest first."""
    return SummaryTime.objects.filter(site=site).select_related("made_by").order_by("-version")
