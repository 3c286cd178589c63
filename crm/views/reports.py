"""Reports, for managers: pages, files, and the leads behind each figure."""

from collections.abc import Mapping

from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render

from crm.forms.reports import FigureForm, ReportFilterForm
from crm.permissions import MANAGERS, DeskRequest, desk_view
from crm.references import parse_reference
from crm.reports.catalogue import BY_KEY, CATALOGUE, Entry
from crm.reports.definitions import OVERVIEW
from crm.reports.exports import csv_lines
from crm.reports.figures import Figure
from crm.reports.lists import leads_behind
from crm.reports.overview import headlines
from crm.reports.window import Window, managed_sites, today_at
from jobs.clock import database_now


@desk_view("GET", roles=MANAGERS)
def overview(request: DeskRequest) -> HttpResponse:
    form, window = _asked(request)
    context = {"headlines": headlines(window) if window else [], "definition": OVERVIEW}
    return _page(request, "crm/reports/overview.html", form, window, context)


@desk_view("GET", roles=MANAGERS)
def report(request: DeskRequest, key: str) -> HttpResponse:
    entry = _entry(key)
    form, window = _asked(request)
    found = entry.build(window, form.grain) if window else None
    return _page(request, "crm/reports/report.html", form, window, {"entry": entry, "report": found})


@desk_view("GET", roles=MANAGERS)
def report_file(request: DeskRequest, key: str, table: str) -> HttpResponse:
    entry = _entry(key)
    form, window = _asked(request)
    if window is None:
        return HttpResponseBadRequest("The dates make no sense.", content_type="text/plain; charset=utf-8")
    found = entry.build(window, form.grain).table(table)
    if found is None:
        raise Http404
    response = HttpResponse("".join(csv_lines(found)), content_type="text/csv; charset=utf-8")
    name = f"{key}-{table}-{window.first}-to-{window.latest}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@desk_view("GET", roles=MANAGERS)
def report_leads(request: DeskRequest) -> HttpResponse:
    form, window = _asked(request)
    wanted = FigureForm(request.GET)
    if not wanted.is_valid():
        raise Http404
    figure = Figure(**wanted.conditions())
    page = leads_behind(figure, window, after=_place(request)) if window else None
    return _page(request, "crm/reports/leads.html", form, window, {"figure": figure, "page": page})


def _place(request: DeskRequest) -> str:
    """Return after which lead the page begins; whatever is no reference is the beginning of the list."""
    return parse_reference(request.GET.get("after", "")) or ""


def _entry(key: str) -> Entry:
    try:
        return BY_KEY[key]
    except KeyError:
        raise Http404 from None


def _asked(request: DeskRequest) -> tuple[ReportFilterForm, Window | None]:
    """Return the filters and what they select; None when they make no sense. A strange site is not found."""
    sites, at = managed_sites(request.user), database_now()
    form = ReportFilterForm(request.GET.dict(), sites=sites, today=today_at(sites, at))
    if form.is_valid():
        dates = form.cleaned_data
        return form, Window(sites=form.chosen_sites, first=dates["start"], latest=dates["end"], at=at)
    if "site" in form.errors:
        raise Http404
    return form, None


def _page(
    request: DeskRequest,
    template: str,
    form: ReportFilterForm,
    window: Window | None,
    more: Mapping[str, object],
) -> HttpResponse:
    query = form.query() if window else ""
    context = {"form": form, "window": window, "query": query, "catalogue": CATALOGUE, **more}
    return render(request, template, context)
