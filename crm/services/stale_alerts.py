"""Which alerts and letters about a lead are no longer true when their turn comes to be sent."""

from datetime import datetime
from uuid import UUID

from crm.enums import Queue
from crm.letters import LETTERS_ABOUT_OPEN_LEADS
from crm.models import Lead
from notifications.enums import MessageKind, Why

ABOUT_OPEN_LEADS = (
    MessageKind.URGENT_LEAD_ALERT,
    MessageKind.LEAD_NOT_ROUTED,
    MessageKind.CALLER_IS_WORSE,
    MessageKind.CALLER_WANTS_SOONER,
    *LETTERS_ABOUT_OPEN_LEADS,
)


def why_lead_needs_no_alert(about: UUID | None, at: datetime) -> str:
    """Return why nobody need be alerted about a lead: it is closed, or the person has been admitted.

    About what we do not find, the alert goes out.
    """
    lead = Lead.objects.filter(pk=about).only("stage", "closed_at").first() if about else None
    return "" if lead is None or lead.is_open else Why.LEAD_OVER


def why_lead_is_routed(about: UUID | None, at: datetime) -> str:
    """Return why a lead waits to be routed no more. One that is urgent by now still needs somebody."""
    lead = Lead.objects.filter(pk=about).only("queue").first() if about else None
    return "" if lead is None or lead.queue in {Queue.UNROUTED, Queue.URGENT} else Why.LEAD_ROUTED
