"""Writing to the people of a lead, and the signpost pack on paper."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from crm.consent import has_not_agreed
from crm.contact_rules import rules_of
from crm.enums import Party
from crm.forms.letters import LetterForm
from crm.models import Lead
from crm.permissions import DeskRequest, desk_view, lead_or_404
from crm.services.access import record_read
from crm.services.letters import letters_for, send_letter
from crm.services.signposting import pack_for
from crm.views.acting import act
from jobs.clock import database_now


@desk_view("GET")
def write(request: DeskRequest, reference: str) -> HttpResponse:
    """Show what can be written to the caller, or with `?to=patient` to the other, as it would go out."""
    lead, at = lead_or_404(request, reference), database_now()
    record_read(lead=lead, by=request.user, what="letters", at=at)
    party = Party.PATIENT if request.GET.get("to") == Party.PATIENT else Party.CALLER
    person = lead.patient if party == Party.PATIENT else lead.caller
    context = {"lead": lead, "party": party, "person": person, "sides": rules_of(lead)}
    context |= {"letters": letters_for(lead, at, person), "no_agreement": has_not_agreed(lead, person)}
    return render(request, "crm/write.html", context)


@desk_view("POST")
def send(request: DeskRequest, reference: str) -> HttpResponse:
    """Send one of them by e-mail."""

    def perform(lead: Lead, data: dict[str, Any], at: datetime) -> str:
        send_letter(lead=lead, by=request.user, kind=data["kind"], at=at, to=data["to"])
        return "The e-mail is on its way."

    return act(request, reference, LetterForm, perform)


@desk_view("GET")
def pack(request: DeskRequest, reference: str) -> HttpResponse:
    """Show the signpost pack, to be printed or read out."""
    lead, at = lead_or_404(request, reference), database_now()
    record_read(lead=lead, by=request.user, what="signpost pack", at=at)
    return render(request, "crm/pack.html", {"lead": lead, "pack": pack_for(lead), "at": at})
