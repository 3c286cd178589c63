"""One's own shifts, and being away."""

from django.http import HttpResponse
from django.shortcuts import render

from crm.enums import AwayReason
from crm.models import Absence
from crm.permissions import DeskRequest, desk_view
from crm.selectors.rota import own_shifts
from jobs.clock import database_now


@desk_view("GET")
def my_shifts(request: DeskRequest) -> HttpResponse:
    """Show when the reader works in the next weeks."""
    at = database_now()
    absence = Absence.objects.filter(user=request.user, back_at=None).select_related("marked_by").first()
    context = {"shifts": own_shifts(request.user, at), "absence": absence, "at": at}
    return render(request, "crm/my_shifts.html", context | {"reasons": AwayReason.choices})
