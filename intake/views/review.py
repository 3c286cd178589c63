"""Two buttons on a suspect enquiry's lead: take it on, or say that it is none."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from crm.permissions import DeskRequest, desk_view, lead_or_404
from crm.services.review import NotInReview, reject_in_review
from intake.services.verdicts import accept_enquiry
from jobs.clock import database_now


@desk_view("POST")
def accept(request: DeskRequest, reference: str) -> HttpResponse:
    return _decide(request, reference, accept_enquiry, "Accepted.")


@desk_view("POST")
def reject(request: DeskRequest, reference: str) -> HttpResponse:
    return _decide(
        request, reference, reject_in_review, "Rejected. It is kept in the records, and can be opened again."
    )


def _decide(request: DeskRequest, reference: str, decide: Callable[..., None], done: str) -> HttpResponse:
    """Decide, and go back to where the button was: the lead's page, or the list with the next ones."""
    lead = lead_or_404(request, reference)
    in_list = request.POST.get("back") == "list"
    said = f"{lead.reference}: " if in_list else ""
    try:
        decide(lead=lead, by=request.user, at=database_now())
    except NotInReview as refusal:
        messages.error(request, f"{said}{refusal}")
    else:
        messages.success(request, f"{said}{done}")
    return redirect("crm:queue", "review") if in_list else redirect("crm:lead", lead.reference)
