"""Missed calls and texts: work that stays in a list until somebody has dealt with it."""

from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from crm.enums import CallEnding
from crm.forms.calls import SettleCallForm
from crm.models import PhoneCall, PhoneText
from crm.permissions import COORDINATORS, DeskRequest, coordinated_sites, desk_view
from crm.selectors.phone import missed_callers, open_texts
from crm.services.phone_settling import Settlement, settle_calls_of
from crm.services.phone_texts import settle_text
from crm.views.refusing import refusals_shown
from jobs.clock import database_now

MOST_SHOWN = 100
T = TypeVar("T", PhoneCall, PhoneText)


@desk_view("GET", roles=COORDINATORS)
def calls(request: DeskRequest) -> HttpResponse:
    """List who rang in vain, and the texts that nobody has read."""
    return _page(request, database_now())


@desk_view("POST", roles=COORDINATORS)
def settle(request: DeskRequest, call: UUID) -> HttpResponse:
    """Write down what came of the missed calls of one number."""
    found, at = theirs_or_404(request, PhoneCall.objects.select_related("site"), call), database_now()
    form = SettleCallForm(request.POST, call=found)
    if not form.is_valid():
        return _page(request, at, form=form, status=422)
    how = Settlement(CallEnding(form.cleaned_data["ending"]), form.cleaned_data["note"])
    with refusals_shown(request):
        number = settle_calls_of(call=found, by=request.user, how=how, at=at)
        messages.success(request, f"Settled: {number} missed call{'' if number == 1 else 's'}.")
    return redirect("crm:calls")


@desk_view("POST", roles=COORDINATORS)
def read(request: DeskRequest, text: UUID) -> HttpResponse:
    """Take a text off the list: somebody has read it."""
    found = theirs_or_404(request, PhoneText.objects.select_related("site"), text)
    with refusals_shown(request):
        settle_text(text=found, by=request.user, at=database_now())
        messages.success(request, "The text is off the list.")
    return redirect("crm:calls")


def theirs_or_404(request: DeskRequest, found: QuerySet[T], pk: UUID) -> T:
    """Return a call or a text of their sites. Raises PermissionDenied if they answer no callers there."""
    each = get_object_or_404(found, pk=pk, site__in=request.roles)
    if request.roles[each.site_id] not in COORDINATORS:
        raise PermissionDenied
    return each


def _page(
    request: DeskRequest, at: datetime, form: SettleCallForm | None = None, status: int = 200
) -> HttpResponse:
    sites = coordinated_sites(request)
    callers = [{"caller": caller, "form": _form(caller.latest, form)} for caller in missed_callers(sites, at)]
    texts = open_texts(sites).select_related("lead", "site", "line")[:MOST_SHOWN]
    context: dict[str, Any] = {"callers": callers[:MOST_SHOWN], "texts": texts, "form": form}
    return render(request, "crm/calls.html", context, status=status)


def _form(call: PhoneCall, sent: SettleCallForm | None) -> SettleCallForm:
    form = SettleCallForm(call=call)
    return sent if sent and sent.auto_id == form.auto_id else form
