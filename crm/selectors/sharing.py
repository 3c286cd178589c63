"""What the person discussed said, when they were asked whether the caller may be told."""

from crm.enums import EventKind
from crm.models import Lead


def sharing_of(lead: Lead) -> bool | None:
    """Return the latest answer, None if nobody has asked them, or if there is only one person."""
    if lead.caller_id == lead.patient_id:
        return None
    asked = lead.events.filter(kind=EventKind.SHARING_ASKED).order_by("-occurred_at", "-id").first()
    return bool(asked.data.get("may_share")) if asked else None
