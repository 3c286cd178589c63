"""What a lead's page says of this moment, and learns anew while it is open: its alert, and who has it."""

from dataclasses import dataclass
from datetime import datetime

from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from crm.leases import is_held
from crm.models import Lead
from crm.permissions import DeskRequest
from crm.selectors.on_lead import answered
from notifications.models import Escalation
from notifications.selectors import latest_escalation


@dataclass(frozen=True, slots=True)
class LeadNow:
    """`state` changes with what happens, and not with the token of a form."""

    alert: SafeString
    has: SafeString
    state: str


def lead_now(request: DeskRequest, lead: Lead, at: datetime) -> LeadNow:
    """Return it as the reader sees it."""
    latest = latest_escalation(lead.pk)
    alert = latest if latest and latest.ended_at is None else None
    words: dict[str, object] = {"lead": lead, "alert": alert, "is_held": is_held(lead, at)}
    words |= {"is_mine": lead.owner_id == request.user.pk, "csrf_token": get_token(request)}
    words["answered"] = answered(lead, latest, request.user, at)
    with timezone.override(lead.site.time_zone):
        line = render_to_string("crm/parts/lead_alert.html", words)
        has = render_to_string("crm/parts/lead_has.html", words)
    return LeadNow(line, has, _state(lead, latest, at))


def _state(lead: Lead, latest: Escalation | None, at: datetime) -> str:
    alert = (latest.pk, latest.next_at, latest.ended_at, latest.acknowledged_at) if latest else ()
    return str([*alert, lead.stage, lead.band, lead.owner_id, lead.lease_until, is_held(lead, at)])
