"""Importing lists of leads, for managers: upload, columns, a check that makes nothing, and the import."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django_htmx.http import HttpResponseClientRefresh

from crm.csv_files import guessed_columns, read_table
from crm.enums import Role
from crm.forms.columns import ColumnsForm
from crm.permissions import MANAGERS, DeskRequest, desk_view
from crm.views.refusing import refusals_shown
from intake.enums import ImportState
from intake.forms.imports import ImportForm
from intake.imports import HEADINGS, MEANINGS
from intake.models import LeadImport
from intake.services import lead_imports
from jobs.clock import database_now

MOST_SHOWN = 50
SAMPLE = 3  # rows


@desk_view("GET", "POST", roles=MANAGERS)
def imports(request: DeskRequest) -> HttpResponse:
    """List the imports of the manager's sites, and take in another list."""
    sites = _managed(request)
    form = ImportForm(request.POST or None, request.FILES or None, sites=sites)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        batch = lead_imports.upload_list(
            site=said["site"], by=request.user, text=said["file"], at=database_now()
        )
        return redirect("intake:lead_import", batch.pk)
    known = (
        LeadImport.objects.filter(site__in=sites).select_related("site", "by").defer("content", "problems")
    )
    context = {"form": form, "imports": known[:MOST_SHOWN]}
    return render(request, "intake/imports.html", context, status=422 if form.is_bound else 200)


@desk_view("GET", "POST", roles=MANAGERS)
def lead_import(request: DeskRequest, batch: UUID) -> HttpResponse:
    """Show how far a list has got; while it is worked on, the part that says so refreshes itself."""
    found = _theirs_or_404(request, batch)
    if request.htmx and request.method == "GET":
        if not found.is_working:
            return HttpResponseClientRefresh()
        return render(request, "intake/parts/import_progress.html", {"batch": found})
    form = _columns_form(request, found)
    if request.method == "POST":
        if form is None or not form.is_valid():
            return render(request, "intake/import.html", _context(found, form), status=422)
        with refusals_shown(request):
            lead_imports.check_list(batch=found, columns=form.columns, at=database_now())
        return redirect("intake:lead_import", found.pk)
    return render(request, "intake/import.html", _context(found, form))


@desk_view("POST", roles=MANAGERS)
def start(request: DeskRequest, batch: UUID) -> HttpResponse:
    """Begin to make leads of a list that was checked."""
    found = _theirs_or_404(request, batch)
    with refusals_shown(request):
        lead_imports.import_list(batch=found, at=database_now())
    return redirect("intake:lead_import", found.pk)


@desk_view("POST", roles=MANAGERS)
def drop(request: DeskRequest, batch: UUID) -> HttpResponse:
    """Delete a list; what was made of it by then stays."""
    found = _theirs_or_404(request, batch)
    if lead_imports.drop_list(batch_id=found.pk, at=database_now()):
        found.refresh_from_db(fields=["opened", "joined", "next_row"])
        messages.success(request, f"The list is deleted. {_what_stays(found)}")
    return redirect("intake:imports")


def _what_stays(batch: LeadImport) -> str:
    if not batch.next_row:
        return "Nothing was imported."
    made = f"{batch.opened} new lead{'' if batch.opened == 1 else 's'}, {batch.joined} joined"
    return f"The import was stopped after row {batch.next_row} of {batch.rows}: what it made stays ({made})."


def _managed(request: DeskRequest) -> list[UUID]:
    return [site for site, role in request.roles.items() if role == Role.MANAGER]


def _theirs_or_404(request: DeskRequest, batch: UUID) -> LeadImport:
    imports = LeadImport.objects.select_related("site", "by").filter(site__in=_managed(request))
    return get_object_or_404(imports, pk=batch)


def _columns_form(request: DeskRequest, batch: LeadImport) -> ColumnsForm | None:
    """Return the choice of columns while the list may be checked (again)."""
    if batch.content is None or batch.state not in {ImportState.UPLOADED, ImportState.CHECKED}:
        return None
    table = read_table(batch.content)
    chosen = batch.columns or guessed_columns(table.headings, HEADINGS)
    return ColumnsForm(
        request.POST or None,
        headings=table.headings,
        meanings=MEANINGS,
        initial={name: str(column) for name, column in chosen.items()},
    )


def _context(batch: LeadImport, form: ColumnsForm | None) -> dict[str, Any]:
    joins = [
        {"row": row, "lead": joined if isinstance(joined, str) else "", "above": joined}
        for row, joined in batch.joins
    ]
    context: dict[str, Any] = {"batch": batch, "form": form, "joins": joins}
    context["new"] = batch.opened + batch.joined
    if form and batch.content:
        table = read_table(batch.content)
        context |= {"headings": table.headings, "sample": [row for _, row in table.rows[:SAMPLE]]}
    return context
