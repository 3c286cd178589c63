"""The words of a site for its leads: managers choose them, everybody puts them on leads."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from crm.enums import Role
from crm.forms.filters import TagForm
from crm.models import Site, Tag
from crm.permissions import MANAGERS, DeskRequest, desk_view, lead_or_404
from crm.refusals import Refusal
from crm.selectors.filter_choices import tags_for
from crm.services.tagging import add_tag, retire_tag, tag_lead, untag_lead
from crm.views.refusing import refusals_shown
from jobs.clock import database_now


@desk_view("GET", "POST", roles=MANAGERS)
def tags(request: DeskRequest) -> HttpResponse:
    """List the tags of the manager's sites, and add one."""
    sites = Site.objects.filter(pk__in=_managed(request)).order_by("name")
    form = TagForm(request.POST or None, sites=sites)
    if request.method == "POST" and form.is_valid():
        try:
            tag = add_tag(**form.cleaned_data, at=database_now())
            messages.success(request, f"“{tag}” can be used from now on.")
            return redirect("crm:tags")
        except Refusal as refusal:
            form.add_error("name", str(refusal))
    known = tags_for(request.user).filter(site__in=_managed(request))
    context = {"form": form, "tags": known, "sites": sites}
    return render(request, "crm/tags.html", context, status=422 if form.errors else 200)


@desk_view("POST", roles=MANAGERS)
def retire(request: DeskRequest, tag: UUID) -> HttpResponse:
    """Offer a tag no more."""
    found = get_object_or_404(Tag, pk=tag, site__in=_managed(request), retired_at=None)
    retire_tag(tag=found, at=database_now())
    messages.success(request, f"“{found}” is not offered any more. Leads that have it keep it.")
    return redirect("crm:tags")


@desk_view("POST")
def change(request: DeskRequest, reference: str) -> HttpResponse:
    """Put a tag on a lead, or take it off."""
    lead, at = lead_or_404(request, reference), database_now()
    put_on = "add" in request.POST
    tag = _tag_or_404(request.POST.get("add" if put_on else "remove", ""))
    with refusals_shown(request):
        (tag_lead if put_on else untag_lead)(lead=lead, tag=tag, by=request.user, at=at)
    return redirect("crm:lead", lead.reference)


def _tag_or_404(typed: str) -> Tag:
    try:
        return get_object_or_404(Tag, pk=UUID(typed))
    except ValueError:
        raise Http404 from None


def _managed(request: DeskRequest) -> list[UUID]:
    return [site for site, role in request.roles.items() if role == Role.MANAGER]
