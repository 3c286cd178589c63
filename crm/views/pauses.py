"""Setting a lead aside, and bringing it back."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from crm.enums import PauseKind, PauseReason
from crm.forms.pauses import PauseForm
from crm.models import Lead
from crm.permissions import DeskRequest, desk_view, lead_or_404
from crm.services.pauses import Pause, end_pause, pause_lead
from crm.views.acting import act
from crm.views.refusing import refusals_shown
from jobs.clock import database_now


@desk_view("POST")
def pause(request: DeskRequest, reference: str) -> HttpResponse:
    """Snooze a lead, or stop its clock."""

    def perform(lead: Lead, data: dict[str, Any], at: datetime) -> str:
        wanted = Pause(PauseKind(data["kind"]), PauseReason(data["reason"]), data["until"], data["note"])
        pause_lead(lead=lead, by=request.user, pause=wanted, at=at)
        there = wanted.until.astimezone(ZoneInfo(lead.site.time_zone))
        return f"{wanted.kind.label} until {there:%H:%M on %A %-d %B}. You can bring it back at any time."

    return act(request, reference, PauseForm, perform)


@desk_view("POST")
def bring_back(request: DeskRequest, reference: str) -> HttpResponse:
    """Bring a lead back before its time."""
    lead = lead_or_404(request, reference)
    with refusals_shown(request):
        end_pause(lead=lead, by=request.user, at=database_now())
        messages.success(request, f"{lead.reference} is back in its queue.")
    return redirect("crm:lead", lead.reference)
