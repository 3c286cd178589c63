"""Two leads side by side: make one of them, part them again, or say that they are two."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from crm.enums import Role
from crm.forms.fields import LONGEST_TEXT
from crm.models import Lead
from crm.permissions import (
    COORDINATORS,
    EVERYONE,
    DeskRequest,
    desk_view,
    lead_itself_or_404,
    lead_or_404,
)
from crm.refusals import Refusal
from crm.selectors.duplicates import what_leads_share
from crm.selectors.lead_record import lead_record
from crm.selectors.leads import pending_lowering
from crm.selectors.merges import level_after_parting
from crm.services.access import record_read
from crm.services.merging import merge_leads, say_not_duplicate, unmerge_leads
from jobs.clock import database_now

Act = Callable[[Lead, Lead, datetime], str]


@desk_view("GET")
def find_pair(request: DeskRequest, reference: str) -> HttpResponse:
    """Go to the comparison with the lead whose reference was typed."""
    lead = lead_or_404(request, reference)
    other = lead_itself_or_404(request, request.GET.get("other", ""))
    return redirect("crm:compare", lead.reference, other.reference)


@desk_view("GET")
def compare(request: DeskRequest, reference: str, other: str) -> HttpResponse:
    """Show two leads of one site side by side. Both reads go on record."""
    return _comparison(request, _pair(request, reference, other))


def _comparison(request: DeskRequest, pair: tuple[Lead, Lead], *, refused: str = "") -> HttpResponse:
    """Return the page; after a refusal with why, and with what was typed."""
    at = database_now()
    for lead in pair:
        record_read(lead=lead, by=request.user, what="comparison", at=at)
    first, second = pair
    context: dict[str, Any] = {"sides": [_side(first, second, at), _side(second, first, at)]}
    context |= {"first": first, "second": second, "shared": what_leads_share(first, second)}
    context |= {"may_merge": first.is_open and second.is_open, "merged": _merged_one(first, second)}
    context |= {"refused": refused, "reason": request.POST.get("reason", "")}
    if merged := context["merged"]:
        context["goes_back_to"] = level_after_parting(merged)
    with timezone.override(first.site.time_zone):
        return render(request, "crm/compare.html", context, status=409 if refused else 200)


@desk_view("POST", roles=COORDINATORS)
def merge(request: DeskRequest, reference: str, other: str) -> HttpResponse:
    """Merge the second lead into the first."""

    def perform(survivor: Lead, duplicate: Lead, at: datetime) -> str:
        merge_leads(duplicate=duplicate, survivor=survivor, by=request.user, at=at)
        return f"{duplicate.reference} is part of this lead now. You can part them again under Duplicates."

    return _act(request, (reference, other), perform, COORDINATORS)


@desk_view("POST", roles=COORDINATORS)
def unmerge(request: DeskRequest, reference: str, other: str) -> HttpResponse:
    """Part the second lead from the first."""
    survivor, duplicate = _pair(request, reference, other, COORDINATORS)
    reason = request.POST.get("reason", "")[:LONGEST_TEXT]
    try:
        unmerge_leads(duplicate=duplicate, by=request.user, at=database_now(), reason=reason)
    except Refusal as refusal:
        return _comparison(request, (survivor, duplicate), refused=str(refusal))
    waits = pending_lowering(survivor)
    stays = f" This one stays {waits.data['from']} until a clinical lead confirms it." if waits else ""
    messages.success(request, f"{duplicate.reference} is a lead of its own again.{stays}")
    return redirect("crm:lead", survivor.reference)


@desk_view("POST")
def apart(request: DeskRequest, reference: str, other: str) -> HttpResponse:
    """Say that these are two episodes."""

    def perform(lead: Lead, second: Lead, at: datetime) -> str:
        say_not_duplicate(lead=lead, other=second, by=request.user, at=at)
        return f"{second.reference} is not suggested here any more."

    return _act(request, (reference, other), perform)


def _act(
    request: DeskRequest, references: tuple[str, str], perform: Act, roles: frozenset[Role] = EVERYONE
) -> HttpResponse:
    lead, second = _pair(request, *references, roles)
    try:
        messages.success(request, perform(lead, second, database_now()))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("crm:compare", lead.reference, second.reference)
    return redirect("crm:lead", lead.reference)


def _pair(
    request: DeskRequest, reference: str, other: str, roles: frozenset[Role] = EVERYONE
) -> tuple[Lead, Lead]:
    """Return two leads of one site, merged or not. Raises Http404 when they are not that.

    Raises PermissionDenied when the user's role at that site is not one of `roles`.
    """
    pair = lead_itself_or_404(request, reference, roles), lead_itself_or_404(request, other, roles)
    if pair[0].pk == pair[1].pk or pair[0].site_id != pair[1].site_id:
        raise Http404
    return pair


def _side(lead: Lead, other: Lead, at: datetime) -> dict[str, Any]:
    return {"lead": lead, "other": other, "record": lead_record(lead, at)}


def _merged_one(first: Lead, second: Lead) -> Lead | None:
    """Return the one that was merged into the other."""
    return next((a for a, b in ((first, second), (second, first)) if a.merged_into_id == b.pk), None)
