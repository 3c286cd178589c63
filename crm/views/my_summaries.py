"""Which summaries by e-mail one wants; the ticks stand on My alerts."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from crm.permissions import MANAGERS, DeskRequest, desk_view
from crm.services.summary_wishes import choose_summaries


@desk_view("POST")
def my_summaries(request: DeskRequest) -> HttpResponse:
    """Keep the ticks."""
    days = "days" in request.POST if MANAGERS & set(request.roles.values()) else None
    choose_summaries(user=request.user, shifts="shifts" in request.POST, days=days)
    messages.success(request, "Saved.")
    return redirect("crm:my_alerts")
