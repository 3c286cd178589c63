"""Doing something with a lead: check the form, call one service, say what happened."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from crm.enums import Role
from crm.forms.lead_form import LeadForm
from crm.models import Lead
from crm.permissions import EVERYONE, DeskRequest, is_from_outbox, lead_or_404
from crm.refusals import Refusal
from crm.services.sending import is_first_sending
from crm.views.lead import lead_page
from jobs.clock import database_now

Perform = Callable[[Lead, dict[str, Any], datetime], str]
TAKEN_BEFORE = "That had reached us already. It is stored once."
NOT_WORDS = {"csrfmiddlewaretoken", "key"}


def act(
    request: DeskRequest,
    reference: str,
    form_class: type[LeadForm],
    perform: Perform,
    roles: frozenset[Role] = EVERYONE,
) -> HttpResponse:
    """Perform an action and go back to the lead with what `perform` says.

    What was typed is never lost: a form with errors (422) and a refusal (409) come back on the page, and a
    form that is sent again with the same key and words is taken once. The message of success names that key,
    for the tab that keeps the words (assets/js/parts/keep_notes.js). A page that sends what it kept while it
    had no connection asks for no page: it gets 204.
    """
    lead = lead_or_404(request, reference, roles)
    form, at = form_class(request.POST, lead=lead), database_now()
    with timezone.override(lead.site.time_zone):  # a time that was typed is the site's own
        is_valid = form.is_valid()
    if not is_valid:
        return lead_page(request, lead, at=at, form=form, status=422)
    try:
        with transaction.atomic():
            done = perform(lead, form.cleaned_data, at) if _is_first(request, at) else TAKEN_BEFORE
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return lead_page(request, lead_or_404(request, reference), at=at, form=form, status=409)
    messages.success(request, done, extra_tags=request.POST.get("key", ""))
    return HttpResponse(status=204) if is_from_outbox(request) else redirect("crm:lead", lead.reference)


def _is_first(request: DeskRequest, at: datetime) -> bool:
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        return True
    fields = [
        (name, value) for name, values in request.POST.lists() if name not in NOT_WORDS for value in values
    ]
    return is_first_sending(key=key, by=request.user, to=request.path, fields=fields, at=at)
