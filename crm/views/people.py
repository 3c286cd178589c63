"""The two people of a lead."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse

from crm.forms.sharing import SharingForm
from crm.models import Lead
from crm.permissions import DeskRequest, desk_view
from crm.services.sharing import note_sharing
from crm.views.acting import act


@desk_view("POST")
def sharing(request: DeskRequest, reference: str) -> HttpResponse:
    """Write down whether the person discussed lets the caller be told about them."""

    def perform(lead: Lead, data: dict[str, Any], at: datetime) -> str:
        note_sharing(lead=lead, by=request.user, at=at, **data)
        return "Written down."

    return act(request, reference, SharingForm, perform)
