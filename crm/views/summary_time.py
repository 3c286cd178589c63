"""When managers get the daily summary: a manager looks at the time, and changes it with a reason."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from crm.forms.summary_time import SummaryTimeForm
from crm.models import Site
from crm.permissions import MANAGERS, DeskRequest, desk_view
from crm.refusals import Refusal
from crm.selectors.day_summaries import managers_to_tell
from crm.selectors.summary_times import summary_times, summary_version
from crm.services.summary_times import set_summary_time
from crm.views.sites import site_or_404
from jobs.clock import database_now

MOST_VERSIONS = 20


@desk_view("GET", "POST", roles=MANAGERS)
def summary_time(request: DeskRequest, slug: str) -> HttpResponse:
    """Show when the summary goes out, to whom and every change of that; with POST change it."""
    site = site_or_404(request, slug, MANAGERS)
    form = SummaryTimeForm(request.POST or None, site=site, version=summary_version(site.pk))
    if not form.is_valid():
        return _page(request, site, form, status=422 if form.is_bound else 200)
    try:
        made = set_summary_time(site=site, by=request.user, new=form.wanted(), at=database_now())
    except Refusal as refusal:
        form.add_error(None if form.cleaned_data["reason"] else "reason", str(refusal))
        return _page(request, site, form, status=409)
    messages.success(request, _said(made.clock.strftime("%H:%M") if made.clock else ""))
    return redirect("crm:summary_time", site.slug)


def _said(clock: str) -> str:
    return f"The daily summary goes out at {clock} from now on." if clock else "No daily summary goes out."


def _page(request: DeskRequest, site: Site, form: SummaryTimeForm, *, status: int) -> HttpResponse:
    context = {"site": site, "form": form, "managers": managers_to_tell(site)}
    context["changes"] = summary_times(site)[:MOST_VERSIONS]
    return render(request, "crm/summary_time.html", context, status=status)
