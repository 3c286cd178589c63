"""Taking a lead and giving it back."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from crm.enums import Queue
from crm.permissions import MANAGERS, DeskRequest, desk_view, lead_or_404
from crm.refusals import Refusal
from crm.services import queues
from crm.views.refusing import refusals_shown
from jobs.clock import database_now


@desk_view("POST")
def take_next(request: DeskRequest) -> HttpResponse:
    """Give the user the most pressing free lead of a queue."""
    queue = _queue_or_404(request.POST.get("queue", ""))
    lead = queues.take_next(by=request.user, queue=queue, at=database_now())
    if lead is None:
        messages.info(
            request,
            f"{queue.label}: nothing to take. Every lead is with somebody, or was tried a few minutes ago.",
        )
        return redirect("crm:queue", queue.name.lower())
    return redirect("crm:lead", lead.reference)


@desk_view("POST")
def claim(request: DeskRequest, reference: str) -> HttpResponse:
    """Give the user this lead."""
    lead = lead_or_404(request, reference)
    with refusals_shown(request):
        queues.claim_lead(lead=lead, by=request.user, at=database_now())
    return redirect("crm:lead", lead.reference)


@desk_view("POST")
def release(request: DeskRequest, reference: str) -> HttpResponse:
    """Put the lead back; a manager may do so for a colleague."""
    lead = lead_or_404(request, reference)
    is_manager = request.roles[lead.site_id] in MANAGERS
    try:
        queues.release_lead(lead=lead, by=request.user, at=database_now(), may_release_others=is_manager)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("crm:lead", lead.reference)
    messages.success(request, f"{lead.reference} is back in its queue.")
    return redirect("crm:dashboard")


def _queue_or_404(name: str) -> Queue:
    if name not in Queue.values:
        raise Http404
    return Queue(name)
