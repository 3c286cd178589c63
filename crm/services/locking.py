"""Taking a lead's row for oneself for the length of a transaction."""

from crm.models import Lead
from crm.refusals import LeadIsOver


def locked(lead: Lead) -> Lead:
    """Return the lead as it is now, locked until the transaction ends."""
    return Lead.objects.select_for_update(of=("self",)).select_related("site", "owner").get(pk=lead.pk)


def locked_open(lead: Lead) -> Lead:
    """Return the lead locked. Raises LeadIsOver when it is closed or admitted."""
    fresh = locked(lead)
    if not fresh.is_open:
        raise LeadIsOver
    return fresh
