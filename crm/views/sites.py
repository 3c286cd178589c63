"""Pages that belong to one site: the address names it, and a reader of one site never sees that."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from crm.enums import Role
from crm.models import Site
from crm.permissions import EVERYONE, DeskRequest


def site_or_404(request: DeskRequest, slug: str, roles: frozenset[Role] = EVERYONE) -> Site:
    """Return one of the reader's sites. Raises PermissionDenied unless they have one of the roles there."""
    site = get_object_or_404(Site.objects.filter(pk__in=request.roles), slug=slug)
    if request.roles[site.pk] not in roles:
        raise PermissionDenied
    return site


def sites_of(request: DeskRequest, roles: frozenset[Role] = EVERYONE) -> list[Site]:
    """Return the sites where the reader has one of the roles, by name, for a page to offer the others."""
    theirs = [site for site, role in request.roles.items() if role in roles]
    return list(Site.objects.filter(pk__in=theirs).order_by("name"))


def to_first_site(request: DeskRequest, view_name: str, roles: frozenset[Role] = EVERYONE) -> HttpResponse:
    """Send somebody who named no site to the page of their first one."""
    sites = sites_of(request, roles)
    if not sites:
        raise Http404
    return redirect(view_name, sites[0].slug)
