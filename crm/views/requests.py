"""What callers asked for on their own page, dealt with at the desk."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from crm.enums import RequestKind
from crm.forms.requests import ResumeForm, SettleForm
from crm.models import Lead
from crm.permissions import COORDINATORS, DeskRequest, desk_view, lead_or_404
from crm.selectors.requests import are_overdue, leads_with_requests
from crm.services.caller_requests import close_pages, resume_contact, settle_request
from crm.views.acting import act
from jobs.clock import database_now

Data = dict[str, Any]
MOST_SHOWN = 100


@desk_view("GET", roles=COORDINATORS)
def requests(request: DeskRequest) -> HttpResponse:
    """List what callers ask for and nobody has settled, overdue first. The lead's page settles it."""
    sites = [site for site, role in request.roles.items() if role in COORDINATORS]
    found, at = leads_with_requests(sites), database_now()
    overdue = set(are_overdue(found, at).values_list("pk", flat=True))
    context = {"requests": found[:MOST_SHOWN], "count": found.count(), "overdue": overdue}
    return render(request, "crm/requests.html", context)


@desk_view("POST")
def settle(request: DeskRequest, reference: str) -> HttpResponse:
    """Write down what came of a request."""

    def perform(lead: Lead, data: Data, at: datetime) -> str:
        kind = RequestKind(data["kind"])
        settle_request(lead=lead, kind=kind, by=request.user, outcome=data["outcome"], at=at)
        return f"Settled: {kind.label.lower()}."

    return act(request, reference, SettleForm, perform)


@desk_view("POST")
def resume(request: DeskRequest, reference: str) -> HttpResponse:
    """Let a caller be contacted again who had asked us to stop."""

    def perform(lead: Lead, data: Data, at: datetime) -> str:
        resume_contact(lead=lead, by=request.user, reason=data["reason"], at=at)
        return "They may be contacted again."

    return act(request, reference, ResumeForm, perform)


@desk_view("POST")
def close_page(request: DeskRequest, reference: str) -> HttpResponse:
    """Close the caller's own page, for instance because somebody else has its address."""
    lead = lead_or_404(request, reference)
    close_pages(lead=lead, by=request.user, at=database_now())
    messages.success(request, "The caller's page is closed.")
    return redirect("crm:lead", lead.reference)
