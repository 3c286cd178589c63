"""The rota of a site: everyone there reads it, managers change it."""

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from crm.enums import AwayReason
from crm.forms.shifts import ShiftForm, as_written
from crm.models import Shift, Site
from crm.permissions import MANAGERS, DeskRequest, desk_view
from crm.refusals import Refusal
from crm.selectors.reach import doubts_about, reach_at
from crm.selectors.rota import local_date, monday_of, week
from crm.selectors.watching import watch_of
from crm.services.presence import note_presence
from crm.services.shifts import Hours, change_shift, copy_week, plan_shift, remove_shift
from crm.views.refusing import refusals_shown
from crm.views.sites import site_or_404, sites_of, to_first_site
from jobs.clock import database_now

WEEK = timedelta(days=7)


@desk_view("GET")
def first_rota(request: DeskRequest) -> HttpResponse:
    """Go to the rota of the reader's first site."""
    return to_first_site(request, "crm:rota")


@desk_view("GET")
def rota(request: DeskRequest, slug: str) -> HttpResponse:
    """Show one week."""
    site = site_or_404(request, slug)
    monday = _monday(request.GET.get("week", ""), site)
    return _rota_page(request, site, monday, ShiftForm(site=site, initial={"day": _first_day(site, monday)}))


@desk_view("POST", roles=MANAGERS)
def add_shift(request: DeskRequest, slug: str) -> HttpResponse:
    """Put a shift on the rota."""
    site = site_or_404(request, slug, MANAGERS)
    form = ShiftForm(request.POST, site=site)
    if form.is_valid():
        try:
            shift = plan_shift(site=site, hours=_hours(form), at=database_now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{shift.user} is on the rota.")
            return _to_week(site, form.cleaned_data["day"])
    shown = _monday(request.POST.get("day", ""), site)
    return _rota_page(request, site, shown, form, status=422)


@desk_view("GET", "POST", roles=MANAGERS)
def shift(request: DeskRequest, shift: UUID) -> HttpResponse:
    """Change one shift."""
    found = _shift_or_404(request, shift)
    form = ShiftForm(request.POST or None, site=found.site, initial=as_written(found))
    if form.is_bound and form.is_valid():
        try:
            change_shift(shift=found, hours=_hours(form), at=database_now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The shift is changed.")
            return _to_week(found.site, form.cleaned_data["day"])
    context = {"shift": found, "form": form, "has_begun": found.starts_at <= database_now()}
    with timezone.override(found.site.time_zone):
        return render(request, "crm/shift.html", context, status=422 if form.errors else 200)


@desk_view("POST", roles=MANAGERS)
def remove(request: DeskRequest, shift: UUID) -> HttpResponse:
    """Take one shift off the rota."""
    found = _shift_or_404(request, shift)
    day = local_date(found.site, found.starts_at)
    with refusals_shown(request):
        remove_shift(shift=found, at=database_now())
        messages.success(request, f"{found.user} is off the rota then.")
    return _to_week(found.site, day)


@desk_view("POST", roles=MANAGERS)
def copy(request: DeskRequest, slug: str) -> HttpResponse:
    """Plan a week as the one before it."""
    site = site_or_404(request, slug, MANAGERS)
    monday = _monday(request.POST.get("week", ""), site)
    added, left_out = copy_week(site=site, monday=monday, at=database_now())
    said = f"{added} shift{'' if added == 1 else 's'} copied."
    if left_out:
        said += f" {left_out} left out: over by now, in the way of another, or of somebody who has left."
    messages.success(request, said)
    return _to_week(site, monday)


def _rota_page(
    request: DeskRequest, site: Site, monday: date, form: ShiftForm, *, status: int = 200
) -> HttpResponse:
    at = database_now()
    note_presence(user=request.user, acted=True, at=at)  # whoever reads this page watches
    days = week(site, monday, at)
    context = {"site": site, "sites": sites_of(request), "form": form, "days": days}
    context |= {"monday": monday, "sunday": monday + timedelta(days=6)}
    context |= {"before": monday - WEEK, "after": monday + WEEK}
    context |= {"watch": watch_of(site, at), "reasons": AwayReason.choices, "at": at}
    context["may_change"] = request.roles[site.pk] in MANAGERS
    with timezone.override(site.time_zone):
        if context["may_change"]:
            doubts = doubts_about((shift for day in days for shift in day.shifts), at)
            context |= {"doubts": doubts, "reach": reach_at(site, at)}
        return render(request, "crm/rota.html", context, status=status)


def _hours(form: ShiftForm) -> Hours:
    data = form.cleaned_data
    return Hours(data["user"], data["starts_at"], data["ends_at"], data["on_call"])


def _monday(text: str, site: Site) -> date:
    """Return the Monday of the week that holds a day; of this week if the text is not a day."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = local_date(site, database_now())
    return monday_of(max(date(2000, 1, 10), min(day, date(2199, 12, 1))))


def _first_day(site: Site, monday: date) -> date:
    """Return the day that a new shift is most likely for: today, in the week that has it."""
    today = local_date(site, database_now())
    return today if monday_of(today) == monday else monday


def _to_week(site: Site, day: date) -> HttpResponse:
    return redirect(f"{reverse('crm:rota', args=[site.slug])}?week={monday_of(day)}")


def _shift_or_404(request: DeskRequest, shift: UUID) -> Shift:
    """Return a shift of one of the reader's sites. Raises PermissionDenied unless they manage it."""
    visible = Shift.objects.filter(site__in=request.roles).select_related("site", "user")
    found = get_object_or_404(visible, pk=shift)
    if request.roles[found.site_id] not in MANAGERS:
        raise PermissionDenied
    return found
