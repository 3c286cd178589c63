"""Work that got stuck: dead jobs and messages that could not be sent. For managers."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from crm.forms.stuck_messages import WAITING, StuckMessagesForm
from crm.permissions import MANAGERS, DeskRequest, desk_view
from crm.views.stuck_messages import NO_LONGER, of_their_sites
from jobs.clock import database_now
from jobs.selectors import dead_jobs, waiting_kinds
from jobs.services.dead import NotDead, discard_dead_job, retry_dead_job
from notifications.selectors import failed_messages, waiting_messages, ways_out

MOST_SHOWN = 100


@desk_view("GET", roles=MANAGERS)
def stuck_work(request: DeskRequest) -> HttpResponse:
    """List what needs a person, which ways out work, and what waits for them."""
    form = StuckMessagesForm(request.GET)
    waiting = form.shows == WAITING
    found = form.narrow(waiting_messages() if waiting else failed_messages())
    ways = ways_out()
    context = {
        "jobs": dead_jobs()[:MOST_SHOWN],
        "broken_ways": [way for way in ways if way.open_circuits],
        "working_ways": [way for way in ways if not way.open_circuits],
        "newer_jobs": waiting_kinds().items(),
        "form": form,
        "waiting": waiting,
        "stuck_messages": of_their_sites(request, found)[:MOST_SHOWN],
    }
    return render(request, "crm/jobs.html", context)


@desk_view("POST", roles=MANAGERS)
def retry_job(request: DeskRequest, job: UUID) -> HttpResponse:
    """Give a dead job all its attempts again."""
    try:
        retry_dead_job(job=job, at=database_now())
        messages.success(request, "The job runs again.")
    except NotDead:
        messages.error(request, NO_LONGER)
    return redirect("crm:jobs")


@desk_view("POST", roles=MANAGERS)
def discard_job(request: DeskRequest, job: UUID) -> HttpResponse:
    """Take a dead job off the list."""
    try:
        discard_dead_job(job=job, at=database_now())
        messages.success(request, "The job is off the list.")
    except NotDead:
        messages.error(request, NO_LONGER)
    return redirect("crm:jobs")
