"""Being away, and being back: oneself, or a colleague as their manager says."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from crm.enums import AwayReason
from crm.models import Site, User
from crm.permissions import MANAGERS, DeskRequest, desk_view
from crm.services.absences import come_back, go_away
from crm.views.sites import site_or_404
from crm.views.watch import watch_part
from jobs.clock import database_now


@desk_view("POST")
def away(request: DeskRequest) -> HttpResponse:
    """Mark oneself as away: what one has goes back to its queue."""
    reason = _reason_or_404(request)
    returned = go_away(user=request.user, reason=reason, by=request.user, at=database_now())
    messages.success(request, f"You are marked as away.{_in_their_queues(len(returned))}")
    return redirect("crm:my_shifts")


@desk_view("POST")
def back(request: DeskRequest) -> HttpResponse:
    """Mark oneself as back."""
    at = database_now()
    come_back(user=request.user, by=request.user, at=at)
    if request.htmx:
        return watch_part(request, at, said="You are back.")
    messages.success(request, "You are back.")
    return redirect("crm:my_shifts")


@desk_view("POST", roles=MANAGERS)
def mark_away(request: DeskRequest, slug: str, user: UUID) -> HttpResponse:
    """Mark a colleague as away."""
    site = site_or_404(request, slug, MANAGERS)
    person = _colleague_or_404(site, user)
    returned = go_away(user=person, reason=_reason_or_404(request), by=request.user, at=database_now())
    messages.success(request, f"{person} is marked as away.{_in_their_queues(len(returned))}")
    return redirect("crm:rota", site.slug)


@desk_view("POST", roles=MANAGERS)
def mark_back(request: DeskRequest, slug: str, user: UUID) -> HttpResponse:
    """Mark a colleague as back."""
    site = site_or_404(request, slug, MANAGERS)
    person = _colleague_or_404(site, user)
    come_back(user=person, by=request.user, at=database_now())
    messages.success(request, f"{person} is marked as back.")
    return redirect("crm:rota", site.slug)


def _reason_or_404(request: DeskRequest) -> AwayReason:
    """Return the reason that a form sent."""
    reason = request.POST.get("reason", "")
    if reason not in AwayReason.values:
        raise Http404
    return AwayReason(reason)


def _in_their_queues(returned: int) -> str:
    """Return what became of the leads that somebody had."""
    if not returned:
        return ""
    if returned == 1:
        return " 1 lead went back to its queue."
    return f" {returned} leads went back to their queues."


def _colleague_or_404(site: Site, user: UUID) -> User:
    person = User.objects.filter(memberships__site=site, pk=user).first()
    if person is None:
        raise Http404
    return person
