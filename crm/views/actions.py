"""Contact attempts, notes, holds, stages and closing: each a plain POST to one service."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse

from crm.enums import ContactDisposition, ContactMethod, ContactOutcome, Disposition, Stage
from crm.forms.contact_rules import ContactRulesForm
from crm.forms.lead_actions import AttemptForm, CloseForm, HoldForm, NoteForm, ReopenForm, StageForm
from crm.models import Lead
from crm.permissions import CLINICIANS, DeskRequest, desk_view
from crm.services.contact import Try, add_note, log_attempt
from crm.services.contact_rules import Details, SafeWays, change_contact_rules
from crm.services.holds import clear_hold
from crm.services.stages import Closing, close_lead, move_stage, reopen_lead
from crm.views.acting import act

Data = dict[str, Any]
ADDRESSES = ("phone", "email", "postal_address")


@desk_view("POST")
def attempt(request: DeskRequest, reference: str) -> HttpResponse:
    """Log one try to reach somebody."""

    def perform(lead: Lead, data: Data, at: datetime) -> str:
        ways = {"method": ContactMethod(data["method"]), "outcome": ContactOutcome(data["outcome"])}
        ways |= {"disposition": data["disposition"] and ContactDisposition(data["disposition"])}
        written = log_attempt(lead=lead, by=request.user, attempt=Try(**(data | ways)), at=at)
        if written.two_way:
            return "Two-way contact logged."
        return "Attempt logged. Nobody was reached, so the clock goes on."

    return act(request, reference, AttemptForm, perform)


@desk_view("POST")
def note(request: DeskRequest, reference: str) -> HttpResponse:
    """Put a note on the timeline."""

    def perform(lead: Lead, data: Data, at: datetime) -> str:
        add_note(lead=lead, by=request.user, at=at, **data)
        return "Note added."

    return act(request, reference, NoteForm, perform)


@desk_view("POST")
def contact_rules(request: DeskRequest, reference: str) -> HttpResponse:
    """Write down which ways of contact somebody calls safe now."""

    def perform(lead: Lead, data: Data, at: datetime) -> str:
        person = data.pop("person")
        details = Details(name=data.pop("whose"), **{name: data.pop(name) for name in ADDRESSES})
        ways = SafeWays(**data, details=details)
        change_contact_rules(lead=lead, by=request.user, person=person, ways=ways, at=at)
        return "Contact rules changed."

    return act(request, reference, ContactRulesForm, perform)


@desk_view("POST")
def clear(request: DeskRequest, reference: str) -> HttpResponse:
    """Clear a hold, as a clinician."""

    def perform(lead: Lead, data: Data, at: datetime) -> str:
        clear_hold(lead=lead, by=request.user, at=at, **data)
        return f"{data['hold']} cleared."

    return act(request, reference, HoldForm, perform, roles=CLINICIANS)


@desk_view("POST")
def stage(request: DeskRequest, reference: str) -> HttpResponse:
    """Move the lead one stage on."""

    def perform(lead: Lead, data: Data, at: datetime) -> str:
        to = Stage(data["to"])
        move_stage(lead=lead, by=request.user, to=to, at=at)
        return f"Moved to {to.label}."

    return act(request, reference, StageForm, perform)


@desk_view("POST")
def close(request: DeskRequest, reference: str) -> HttpResponse:
    """Close the lead."""

    def perform(lead: Lead, data: Data, at: datetime) -> str:
        closing = Closing(**data | {"disposition": Disposition(data["disposition"])})
        close_lead(lead=lead, by=request.user, closing=closing, at=at)
        return f"Closed: {closing.disposition.label}."

    return act(request, reference, CloseForm, perform)


@desk_view("POST")
def reopen(request: DeskRequest, reference: str) -> HttpResponse:
    """Open a closed lead again."""

    def perform(lead: Lead, data: Data, at: datetime) -> str:
        reopen_lead(lead=lead, by=request.user, reason=data["reason"], at=at)
        return "The lead is open again."

    return act(request, reference, ReopenForm, perform)
