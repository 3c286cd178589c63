"""Keeping a filtered queue under a name."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from crm.forms.filters import SaveViewForm
from crm.permissions import DeskRequest, desk_view
from crm.queue_filters import QueueFilter
from crm.selectors.filter_choices import saved_views_for
from crm.selectors.queues import Tab
from crm.services import saved_views
from crm.views.refusing import refusals_shown
from jobs.clock import database_now


@desk_view("POST")
def save(request: DeskRequest) -> HttpResponse:
    """Keep the tab and its filter, for oneself or for everybody at a site."""
    form = SaveViewForm(request.POST, user=request.user)
    wanted = QueueFilter.parse(request.POST)
    tab = request.POST.get("tab", "")
    back = f"{reverse('crm:queue', args=[tab])}?{wanted}" if tab in set(Tab) else reverse("crm:dashboard")
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect(back)
    said = {name: form.cleaned_data[name] for name in ("name", "tab", "share_at")}
    with refusals_shown(request):
        view = saved_views.NewView(query=str(wanted), **said)
        saved_views.save_view(view=view, by=request.user, at=database_now())
        messages.success(request, f"Kept as “{said['name']}”.")
    return redirect(back)


@desk_view("POST")
def delete(request: DeskRequest, view: UUID) -> HttpResponse:
    """Delete a view."""
    found = get_object_or_404(saved_views_for(request.user), pk=view)
    with refusals_shown(request):
        saved_views.delete_view(view=found, by=request.user)
        messages.success(request, f"“{found.name}” is deleted.")
    return redirect("crm:dashboard")
