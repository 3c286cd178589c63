"""Who is alerted after how long: a manager tries other steps, reads what they mean, then saves them."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from crm.alert_plan_words import bounds_of
from crm.alert_steps import Plan
from crm.enums import AlertLevel
from crm.forms.alert_policy import AlertPolicyForm
from crm.models import Site
from crm.permissions import MANAGERS, DeskRequest, desk_view
from crm.refusals import Refusal
from crm.selectors.alert_plans import alert_versions, plan_of, plans_of
from crm.selectors.alert_previews import PlanPreview, preview, previews, version_previews
from crm.services.alert_policies import set_alert_plan
from crm.views.sites import site_or_404, sites_of, to_first_site
from jobs.clock import database_now

MOST_VERSIONS = 20


@desk_view("GET", roles=MANAGERS)
def alert_policies(request: DeskRequest) -> HttpResponse:
    """Go to the alerts of the first site that the user manages."""
    return to_first_site(request, "crm:alert_policy", MANAGERS)


@desk_view("GET", roles=MANAGERS)
def alert_policy(request: DeskRequest, slug: str) -> HttpResponse:
    """Show in words who is alerted at a site, level by level, and whom that would find now."""
    site = site_or_404(request, slug, MANAGERS)
    shown = previews(site, plans_of(site), database_now())
    context = {"site": site, "sites": sites_of(request, MANAGERS), "previews": shown}
    return render(request, "crm/alert_policy.html", context)


@desk_view("GET", "POST", roles=MANAGERS)
def alert_level(request: DeskRequest, slug: str, level: str) -> HttpResponse:
    """Show the steps of one level; with POST say what others would mean, or save those."""
    site, wanted = site_or_404(request, slug, MANAGERS), _level_or_404(level)
    plan = plan_of(site.pk, wanted)
    if request.method == "GET":
        return _page(request, site, plan, AlertPolicyForm(plan=plan, level=wanted))
    form = AlertPolicyForm(request.POST, plan=plan, level=wanted)
    if not form.is_valid():
        return _page(request, site, plan, form, status=422)
    if "save" in request.POST:
        return _save(request, site, plan, form)
    return _page(request, site, plan, form, tried=_tried(site, form))


def _save(request: DeskRequest, site: Site, plan: Plan, form: AlertPolicyForm) -> HttpResponse:
    new = form.wanted()
    try:
        made = set_alert_plan(site=site, level=form.level, by=request.user, new=new, at=database_now())
    except Refusal as refusal:
        form.add_error(None if new.reason else "reason", str(refusal))
        return _page(request, site, plan, form, tried=_tried(site, form), status=409)
    messages.success(request, f"{form.level.label}: version {made.version} holds now.")
    return redirect("crm:alert_policy", site.slug)


def _tried(site: Site, form: AlertPolicyForm) -> PlanPreview:
    return preview(site, form.level, form.wanted().plan, database_now())


def _page(
    request: DeskRequest, site: Site, plan: Plan, form: AlertPolicyForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"site": site, "level": form.level, "form": form, "plan": plan, **more}
    context["now"] = preview(site, form.level, plan, database_now())
    context["bounds"] = bounds_of(form.level)
    context["versions"] = version_previews(alert_versions(site, form.level)[:MOST_VERSIONS])
    return render(request, "crm/alert_level.html", context, status=status)


def _level_or_404(level: str) -> AlertLevel:
    try:
        return AlertLevel(level.upper())
    except ValueError:
        raise Http404 from None
