"""Reading the phone system's own list of calls, where it cannot report them by itself."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django_htmx.http import HttpResponseClientRefresh

from crm.csv_files import read_table
from crm.forms.columns import ColumnsForm
from crm.forms.uploads import ListForm
from crm.models import CallLog
from crm.permissions import COORDINATORS, DeskRequest, coordinated_sites, desk_view
from crm.selectors.call_logs import preview_of
from crm.services import call_logs
from crm.telephony.log import MEANINGS, NEEDED
from crm.views.refusing import refusals_shown
from jobs.clock import database_now

MOST_SHOWN = 20


@desk_view("GET", "POST", roles=COORDINATORS)
def logs(request: DeskRequest) -> HttpResponse:
    """Take in a call log, and list the latest ones."""
    sites = coordinated_sites(request)
    form = ListForm(request.POST or None, request.FILES or None, sites=sites)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        log = call_logs.upload_log(site=said["site"], by=request.user, text=said["file"], at=database_now())
        return redirect("crm:call_log", log.pk)
    known = CallLog.objects.filter(site__in=sites).defer("content").select_related("site", "by")
    context = {"form": form, "logs": known.order_by("-uploaded_at")[:MOST_SHOWN]}
    return render(request, "crm/call_logs.html", context, status=422 if form.is_bound else 200)


@desk_view("GET", "POST", roles=COORDINATORS)
def log(request: DeskRequest, log: UUID) -> HttpResponse:
    """Show what a log would change, and choose its columns; while it is read, how far that has got."""
    found = _theirs_or_404(request, log)
    if request.htmx and request.method == "GET":
        return _progress(request, found)
    if found.content is None or found.started_at:
        return render(request, "crm/call_log.html", {"log": found})
    form = _columns_form(request, found)
    if request.method == "POST" and form.is_valid():
        with refusals_shown(request):
            call_logs.choose_columns(log=found, columns=form.columns)
        return redirect("crm:call_log", found.pk)
    return render(request, "crm/call_log.html", _context(found, form), status=422 if form.is_bound else 200)


@desk_view("POST", roles=COORDINATORS)
def read(request: DeskRequest, log: UUID) -> HttpResponse:
    """Have a log read."""
    found = _theirs_or_404(request, log)
    with refusals_shown(request):
        call_logs.start_reading(log=found, at=database_now())
    return redirect("crm:call_log", found.pk)


@desk_view("POST", roles=COORDINATORS)
def drop(request: DeskRequest, log: UUID) -> HttpResponse:
    """Delete a log; what was read by then stays."""
    if call_logs.drop_log(log_id=_theirs_or_404(request, log).pk, at=database_now()):
        messages.success(request, "The log is deleted.")
    return redirect("crm:call_logs")


def _progress(request: DeskRequest, log: CallLog) -> HttpResponse:
    if log.finished_at or not log.started_at:
        return HttpResponseClientRefresh()
    return render(request, "crm/parts/call_log_progress.html", {"log": log})


def _context(log: CallLog, form: ColumnsForm) -> dict[str, Any]:
    is_ready = all(name in log.columns for name in NEEDED)
    return {"log": log, "form": form, "preview": preview_of(log) if is_ready else None}


def _columns_form(request: DeskRequest, log: CallLog) -> ColumnsForm:
    return ColumnsForm(
        request.POST or None,
        headings=read_table(log.content or "").headings,
        meanings=MEANINGS,
        needed=NEEDED,
        initial={name: str(column) for name, column in log.columns.items()},
    )


def _theirs_or_404(request: DeskRequest, log: UUID) -> CallLog:
    found = get_object_or_404(CallLog.objects.select_related("site", "by"), pk=log, site__in=request.roles)
    if found.site_id not in coordinated_sites(request):
        raise PermissionDenied
    return found
