"""The page on which one shift takes over from another."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from crm.forms.handover import HandoverNoteForm
from crm.models import Site
from crm.permissions import DeskRequest, desk_view
from crm.selectors.handover import HOURS, MOST_SHOWN, handover_of
from crm.selectors.watching import watch_of
from crm.services.handover import write_handover_note
from crm.services.presence import note_presence
from crm.views.sites import site_or_404, sites_of, to_first_site
from jobs.clock import database_now


@desk_view("GET")
def first_handover(request: DeskRequest) -> HttpResponse:
    """Go to the handover of the reader's first site."""
    return to_first_site(request, "crm:handover")


@desk_view("GET")
def handover(request: DeskRequest, slug: str) -> HttpResponse:
    """Show what the next hours bring, and what the last shift wrote."""
    return _page(request, site_or_404(request, slug), HandoverNoteForm())


@desk_view("POST")
def write_note(request: DeskRequest, slug: str) -> HttpResponse:
    """Leave a note for the next shift."""
    site = site_or_404(request, slug)
    form = HandoverNoteForm(request.POST)
    if not form.is_valid():
        return _page(request, site, form, status=422)
    write_handover_note(site=site, by=request.user, text=form.cleaned_data["text"], at=database_now())
    messages.success(request, "The note is there for the next shift.")
    return redirect("crm:handover", site.slug)


def _page(request: DeskRequest, site: Site, form: HandoverNoteForm, *, status: int = 200) -> HttpResponse:
    at, hours = database_now(), _hours(request)
    note_presence(user=request.user, acted=True, at=at)  # whoever reads this page watches
    context = {"site": site, "sites": sites_of(request), "form": form, "at": at, "most": MOST_SHOWN}
    context |= {"handover": handover_of(site, at, hours), "hours": hours, "choices": HOURS}
    context["watch"] = watch_of(site, at)
    with timezone.override(site.time_zone):
        return render(request, "crm/handover.html", context, status=status)


def _hours(request: DeskRequest) -> int:
    asked = request.GET.get("hours", "")
    return int(asked) if asked in map(str, HOURS) else HOURS[1]
