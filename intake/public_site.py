"""Whose public pages these are: words and numbers for the public are kept up by staff of the public site."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from crm.enums import Role
from crm.models import Site
from crm.permissions import CLINICIANS, MANAGERS, DeskRequest
from intake.selectors import default_site

EDITORS = MANAGERS | CLINICIANS


def public_site_for(request: DeskRequest, roles: frozenset[Role]) -> Site:
    """Return the site of the public pages.

    Raises Http404 for staff of other sites, PermissionDenied when their role there is not one of `roles`.
    """
    try:
        site = default_site()
    except Site.DoesNotExist as error:
        raise Http404("No public site") from error
    if site.pk not in request.roles:
        raise Http404("Not your site")
    if request.roles[site.pk] not in roles:
        raise PermissionDenied
    return site
