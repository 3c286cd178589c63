"""One thing done to the leads that were ticked, what came of it, and undoing it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from crm.enums import BulkAction, Disposition, PauseReason
from crm.forms.filters import MOST_TICKED, SNOOZES, BulkForm
from crm.models import Batch
from crm.permissions import DeskRequest, desk_view
from crm.selectors.batches import batch_result
from crm.selectors.filter_choices import colleagues_of, leads_ticked, tags_for
from crm.services.bulk import UNDO_WITHIN, Wanted, do_to_many, undo_batch
from crm.views.refusing import refusals_shown
from jobs.clock import database_now


@desk_view("POST")
def do(request: DeskRequest) -> HttpResponse:
    """Do it to each ticked lead of the user's sites, and show what came of it."""
    people, tags = colleagues_of(request.user), tags_for(request.user)
    form = BulkForm(request.POST, colleagues=people, tags=tags)
    leads = leads_ticked(request.user, _ids(request)) if form.is_valid() else []
    if not leads:
        first = next(iter(form.non_field_errors()), "Tick the leads first.")
        messages.error(request, str(first))
        return redirect(_back(request))
    batch = do_to_many(leads=leads, wanted=_wanted(form.cleaned_data), by=request.user, at=database_now())
    request.session["bulk_back"] = _back(request)
    return redirect("crm:batch", batch.pk)


@desk_view("GET")
def batch(request: DeskRequest, batch: UUID) -> HttpResponse:
    """Show what came of it for each lead: a page for whoever did it."""
    found = get_object_or_404(Batch, pk=batch, by=request.user)
    result = batch_result(found, database_now(), undo_within=UNDO_WITHIN)
    back = request.session.get("bulk_back", "/desk/")
    return render(request, "crm/batch.html", {"result": result, "batch": found, "back": back})


@desk_view("POST")
def undo(request: DeskRequest, batch: UUID) -> HttpResponse:
    """Undo all of it that nobody has changed since."""
    found = get_object_or_404(Batch, pk=batch, by=request.user)
    with refusals_shown(request):
        undo_batch(batch=found, by=request.user, at=database_now())
    return redirect("crm:batch", found.pk)


def _wanted(said: dict[str, Any]) -> Wanted:
    return Wanted(
        action=BulkAction(said["action"]),
        to=said["to"],
        tag=said["tag"],
        disposition=Disposition(said["disposition"]) if said["disposition"] else None,
        minutes=int(said["minutes"] or SNOOZES[0][0]),
        reason=PauseReason(said["reason"]) if said["reason"] else None,
        note=said["note"],
    )


def _ids(request: DeskRequest) -> list[UUID]:
    found: list[UUID] = []
    for typed in request.POST.getlist("lead")[:MOST_TICKED]:
        try:
            found.append(UUID(typed))
        except ValueError:
            continue
    return found


def _back(request: DeskRequest) -> str:
    """Return the page on which the leads were ticked."""
    typed = request.POST.get("back", "")
    is_ours = typed.startswith("/desk/") and url_has_allowed_host_and_scheme(typed, allowed_hosts=None)
    return typed if is_ours else "/desk/"
