"""The order of a site's queues: a manager tries other weights, sees who would move, then saves them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from crm.enums import Queue
from crm.forms.policy import PolicyForm
from crm.models import Site
from crm.permissions import MANAGERS, DeskRequest, desk_view
from crm.refusals import Refusal
from crm.selectors.order_preview import Comparison, compare, waiting_last_month, waiting_now
from crm.selectors.policies import Policy, policy_of, versions_of
from crm.services.policies import NewPolicy, set_policy
from jobs.clock import database_now

MOST_VERSIONS = 20


@desk_view("GET", roles=MANAGERS)
def orders(request: DeskRequest) -> HttpResponse:
    """Go to the order of the first site that the user manages."""
    site = _managed(request).first()
    if site is None:
        raise Http404
    return redirect("crm:order", site.slug)


@desk_view("GET", "POST", roles=MANAGERS)
def order(request: DeskRequest, slug: str) -> HttpResponse:
    """Show the weights of a site; with POST compare them with others, or save those."""
    site = get_object_or_404(Site.objects.filter(pk__in=request.roles), slug=slug)
    if request.roles[site.pk] not in MANAGERS:
        raise PermissionDenied
    policy = policy_of(site.pk)
    if request.method == "GET":
        return _page(request, site, policy, PolicyForm(policy=policy))
    form = PolicyForm(request.POST, policy=policy)
    if not form.is_valid():
        return _page(request, site, policy, form, status=422)
    if "save" in request.POST:
        return _save(request, site, policy, form)
    return _page(request, site, policy, form, compared=_compared(site, policy, form.wanted()))


def _save(request: DeskRequest, site: Site, policy: Policy, form: PolicyForm) -> HttpResponse:
    wanted = form.wanted()
    try:
        made = set_policy(site=site, by=request.user, policy=wanted, at=database_now())
    except Refusal as refusal:
        form.add_error("reason" if not wanted.reason else None, str(refusal))
        return _page(request, site, policy, form, compared=_compared(site, policy, wanted), status=409)
    messages.success(request, f"Version {made.version} holds now. Open leads move within seconds.")
    return redirect("crm:order", site.slug)


def _compared(site: Site, policy: Policy, wanted: NewPolicy) -> list[Comparison]:
    lists = {
        "The urgent queue now": waiting_now(site, Queue.URGENT),
        "The pre-booked queue now": waiting_now(site, Queue.PREBOOKED),
        "The enquiries of the last 30 days": waiting_last_month(site, database_now()),
    }
    return [compare(title, leads, policy.weights, wanted.weights) for title, leads in lists.items()]


def _page(
    request: DeskRequest, site: Site, policy: Policy, form: PolicyForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"site": site, "policy": policy, "form": form, "sites": _managed(request)}
    context |= {"versions": versions_of(site)[:MOST_VERSIONS], **more}
    return render(request, "crm/order.html", context, status=status)


def _managed(request: DeskRequest) -> QuerySet[Site]:
    managed = [site for site, role in request.roles.items() if role in MANAGERS]
    return Site.objects.filter(pk__in=managed).order_by("name")
