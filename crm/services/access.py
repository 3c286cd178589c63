"""Who read which lead's record, and when."""

from datetime import datetime

from crm.models import Lead, LeadAccess, User


def record_read(*, lead: Lead, by: User, what: str, at: datetime) -> None:
    """Write down one read of a lead's record."""
    LeadAccess.objects.create(lead=lead, by=by, what=what, accessed_at=at)
