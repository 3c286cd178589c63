"""Raising a level at once; lowering one, with a second person where it was an emergency."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse

from crm.enums import Level, ReasonCode, Role
from crm.forms.lead_actions import ConfirmLoweringForm, LowerForm, RaiseForm
from crm.models import Lead
from crm.permissions import DeskRequest, desk_view
from crm.services.levels import Change, confirm_lowering, decline_lowering, lower_level, raise_level
from crm.views.acting import act

Data = dict[str, Any]
CLINICAL_LEADS = frozenset({Role.CLINICAL_LEAD})


@desk_view("POST")
def raise_(request: DeskRequest, reference: str) -> HttpResponse:
    """Raise the level at once."""

    def perform(lead: Lead, data: Data, at: datetime) -> str:
        placement = raise_level(lead=lead, by=request.user, change=_change(data), at=at)
        return f"Raised to {placement.level}."

    return act(request, reference, RaiseForm, perform)


@desk_view("POST")
def lower(request: DeskRequest, reference: str) -> HttpResponse:
    """Lower the level, or ask a clinical lead to."""

    def perform(lead: Lead, data: Data, at: datetime) -> str:
        placement = lower_level(lead=lead, by=request.user, change=_change(data), at=at)
        if placement is None:
            return "Asked. The level stays until a clinical lead confirms it."
        return f"Lowered to {placement.level}."

    return act(request, reference, LowerForm, perform)


@desk_view("POST")
def confirm(request: DeskRequest, reference: str) -> HttpResponse:
    """Confirm a colleague's request to lower an emergency, as a clinical lead."""

    def perform(lead: Lead, data: Data, at: datetime) -> str:
        placement = confirm_lowering(lead=lead, by=request.user, asked=data["asked"], at=at)
        return f"Lowered to {placement.level}."

    return act(request, reference, ConfirmLoweringForm, perform, roles=CLINICAL_LEADS)


@desk_view("POST")
def decline(request: DeskRequest, reference: str) -> HttpResponse:
    """Keep the level, as a clinical lead; or take one's own request back."""

    def perform(lead: Lead, data: Data, at: datetime) -> str:
        decline_lowering(lead=lead, by=request.user, asked=data["asked"], at=at)
        return f"The level stays {lead.level}."

    return act(request, reference, ConfirmLoweringForm, perform)


def _change(data: Data) -> Change:
    return Change(Level(data["level"]), ReasonCode(data["reason_code"]), data["reason"])
