"""How people are tried again: a manager tries another plan, sees the calls that it would make, saves it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from crm.cadence import Cadence, spread
from crm.enums import Level
from crm.forms.cadences import CadenceForm, SpreadForm, in_lines, wait_in_words
from crm.models import Site
from crm.permissions import MANAGERS, DeskRequest, desk_view
from crm.refusals import Refusal
from crm.selectors.cadences import InForce, cadences_of, example_of, in_force, under_way, versions_of
from crm.services.cadences import set_cadence
from crm.views.sites import site_or_404, sites_of, to_first_site
from jobs.clock import database_now

MOST_VERSIONS = 20


@desk_view("GET", roles=MANAGERS)
def first(request: DeskRequest) -> HttpResponse:
    """Go to the contact plans of the first site that the user manages."""
    return to_first_site(request, "crm:cadences", MANAGERS)


@desk_view("GET", roles=MANAGERS)
def cadences(request: DeskRequest, slug: str) -> HttpResponse:
    """Show how people of each level are tried again."""
    site = site_or_404(request, slug, MANAGERS)
    context = {"site": site, "sites": sites_of(request, MANAGERS), "plans": cadences_of(site)}
    return render(request, "crm/cadences.html", context)


@desk_view("GET", "POST", roles=MANAGERS)
def cadence(request: DeskRequest, slug: str, level: str) -> HttpResponse:
    """Show one level's plan; with POST fill in even waits, see what another plan would do, or save it."""
    site = site_or_404(request, slug, MANAGERS)
    if level not in Level.values:
        raise Http404
    now = in_force(site, Level(level))
    if request.method == "GET":
        form = CadenceForm(cadence=now.cadence, version=now.number)
        return _page(request, site, now, form)
    if "spread" in request.POST:
        return _spread(request, site, now)
    form = CadenceForm(request.POST, cadence=now.cadence, version=now.number)
    if not form.is_valid():
        return _page(request, site, now, form, status=422)
    if "save" in request.POST:
        return _save(request, site, now, form)
    return _page(request, site, now, form, **_preview(site, now, form.wanted().cadence))


def _spread(request: DeskRequest, site: Site, now: InForce) -> HttpResponse:
    """Fill in the form; nothing is saved by it."""
    even = SpreadForm(request.POST)
    if not even.is_valid():
        form = CadenceForm(request.POST, cadence=now.cadence, version=now.number)
        return _page(request, site, now, form, status=422, even=even)
    waits = spread(even.cleaned_data["tries"], even.cleaned_data["days"])
    said = request.POST.copy()
    said["waits"] = in_lines(waits)
    form = CadenceForm(said, cadence=now.cadence, version=now.number)
    if not form.is_valid():
        return _page(request, site, now, form, status=422, even=even)
    return _page(request, site, now, form, even=even, **_preview(site, now, form.wanted().cadence))


def _save(request: DeskRequest, site: Site, now: InForce, form: CadenceForm) -> HttpResponse:
    wanted = form.wanted()
    try:
        made = set_cadence(site=site, level=now.level, by=request.user, wanted=wanted, at=database_now())
    except Refusal as refusal:
        form.add_error(None if wanted.reason else "reason", str(refusal))
        return _page(request, site, now, form, status=409, **_preview(site, now, wanted.cadence))
    messages.success(
        request, f"Version {made.version} holds now for {now.level}. Calls that are set stay set."
    )
    return redirect("crm:cadence", site.slug, now.level)


def _preview(site: Site, now: InForce, wanted: Cadence) -> dict[str, Any]:
    at = database_now()
    return {
        "wanted": wanted,
        "example": example_of(site, now.cadence, wanted, at),
        "under_way": under_way(site, now.level, now.cadence, wanted),
    }


def _page(
    request: DeskRequest, site: Site, now: InForce, form: CadenceForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    versions = [
        {"row": row, "waits": ", ".join(wait_in_words(minutes) for minutes in row.waits)}
        for row in versions_of(site, now.level)[:MOST_VERSIONS]
    ]
    context = {"site": site, "now": now, "form": form, "even": SpreadForm(), "versions": versions, **more}
    with timezone.override(site.time_zone):
        return render(request, "crm/cadence.html", context, status=status)
