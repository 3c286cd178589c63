"""What waits for a clinical lead: requests to lower an emergency."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from crm.enums import Level, ReasonCode, Role
from crm.models import LeadEvent
from crm.permissions import DeskRequest, desk_view
from crm.selectors.lowerings import pending_lowerings
from jobs.clock import database_now

MOST_SHOWN = 100


@desk_view("GET")
def lowerings(request: DeskRequest) -> HttpResponse:
    """List the requests at the reader's sites; a clinical lead decides on the lead's own page."""
    asked = [_shown(event, request) for event in pending_lowerings(request.roles)[:MOST_SHOWN]]
    return render(request, "crm/lowerings.html", {"asked": asked, "at": database_now()})


def _shown(event: LeadEvent, request: DeskRequest) -> dict[str, Any]:
    is_theirs = event.by_id == request.user.pk
    return {
        "event": event,
        "before": Level(event.data["from"]),
        "after": Level(event.data["to"]),
        "why": ReasonCode(event.data["reason_code"]).label,
        "may_decide": request.roles[event.lead.site_id] == Role.CLINICAL_LEAD and not is_theirs,
    }
