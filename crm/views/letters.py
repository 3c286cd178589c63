"""Writing to the people of a lead, and the signpost pack on paper."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from crm.consent import has_not_agreed
from crm.contact_rules import next_safe_time, rules_of
from crm.enums import ContactMethod, Party
from crm.forms.letters import LetterForm
from crm.letters import sends_texts
from crm.models import Lead
from crm.permissions import DeskRequest, desk_view, lead_or_404
from crm.services.access import record_read
from crm.services.letters import Written, letters_for, write_letter
from crm.services.signposting import pack_for
from crm.views.acting import act
from jobs.clock import database_now
from notifications.enums import WhyMoved
from notifications.times import moment_in_words

SENT = {ContactMethod.EMAIL: "The e-mail", ContactMethod.TEXT: "The text"}


@desk_view("GET")
def write(request: DeskRequest, reference: str) -> HttpResponse:
    """Show what can be written to the caller, or with `?to=patient` to the other, as it would go out."""
    lead, at = lead_or_404(request, reference), database_now()
    record_read(lead=lead, by=request.user, what="letters", at=at)
    party = Party.PATIENT if request.GET.get("to") == Party.PATIENT else Party.CALLER
    person = lead.patient if party == Party.PATIENT else lead.caller
    context = {"lead": lead, "party": party, "person": person, "sides": rules_of(lead)}
    context |= {"letters": letters_for(lead, at, person), "no_agreement": has_not_agreed(lead, person)}
    context |= {"texts_go_out": sends_texts(), "reasons": WhyMoved.choices}
    return render(request, "crm/write.html", context)


@desk_view("POST")
def send(request: DeskRequest, reference: str) -> HttpResponse:
    """Send one of them by e-mail or text."""

    def perform(lead: Lead, data: dict[str, Any], at: datetime) -> str:
        written = Written(data["kind"], data["to"], data["way"], data["why"])
        write_letter(lead=lead, by=request.user, written=written, at=at)
        goes_at = next_safe_time(data["to"], at, lead.site.time_zone)
        return f"{SENT[data['way']]} {_when(lead, goes_at) if goes_at > at else 'is on its way.'}"

    return act(request, reference, LetterForm, perform)


def _when(lead: Lead, goes_at: datetime) -> str:
    return f"waits for a safe time and goes out at {moment_in_words(goes_at, time_zone=lead.site.time_zone)}."


@desk_view("GET")
def pack(request: DeskRequest, reference: str) -> HttpResponse:
    """Show the signpost pack, to be printed or read out."""
    lead, at = lead_or_404(request, reference), database_now()
    record_read(lead=lead, by=request.user, what="signpost pack", at=at)
    return render(request, "crm/pack.html", {"lead": lead, "pack": pack_for(lead), "at": at})
