"""Enquiries that could not be made leads: on no queue, so here is what a person needs to ring back."""

import structlog
from django.http import HttpResponse
from django.shortcuts import render

from crm.permissions import DeskRequest, desk_view
from intake.selectors import stranded_enquiries

log = structlog.get_logger(__name__)


@desk_view()
def stranded(request: DeskRequest) -> HttpResponse:
    """Show those of the user's sites, and note who read which."""
    enquiries = stranded_enquiries(request.roles)
    for enquiry in enquiries:
        log.info("stranded_enquiry_read", reference=enquiry.reference, by=str(request.user.pk))
    return render(request, "intake/stranded.html", {"enquiries": enquiries})
