"""Doing something with a lead: check the form, call one service, say what happened."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from crm.enums import Role
from crm.forms.lead_actions import LeadForm
from crm.models import Lead
from crm.permissions import EVERYONE, DeskRequest, lead_or_404
from crm.refusals import Refusal
from crm.views.lead import lead_page
from jobs.clock import database_now

Perform = Callable[[Lead, dict[str, Any], datetime], str]


def act(
    request: DeskRequest,
    reference: str,
    form_class: type[LeadForm],
    perform: Perform,
    roles: frozenset[Role] = EVERYONE,
) -> HttpResponse:
    """Perform an action and go back to the lead with what `perform` says.

    What was typed is never lost: a form with errors (422) and a refusal (409) come back on the page.
    """
    lead = lead_or_404(request, reference, roles)
    form, at = form_class(request.POST, lead=lead), database_now()
    if not form.is_valid():
        return lead_page(request, lead, at=at, form=form, status=422)
    try:
        done = perform(lead, form.cleaned_data, at)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return lead_page(request, lead_or_404(request, reference), at=at, form=form, status=409)
    messages.success(request, done)
    return redirect("crm:lead", lead.reference)
