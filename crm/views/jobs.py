"""Work that got stuck: dead jobs and messages that could not be sent. For managers."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from crm.models import Lead
from crm.permissions import MANAGERS, DeskRequest, desk_view
from jobs.clock import database_now
from jobs.selectors import dead_jobs
from jobs.services.dead import NotDead, discard_dead_job, retry_dead_job
from notifications.models import Message
from notifications.selectors import failed_messages
from notifications.services.outbox import MessageNotFailed, discard_message, resend_message

MOST_SHOWN = 100
NO_LONGER = "Somebody has dealt with that already."


@desk_view("GET", roles=MANAGERS)
def stuck_work(request: DeskRequest) -> HttpResponse:
    """List what needs a person, latest first."""
    stuck = _of_their_sites(request, failed_messages())
    context = {"jobs": dead_jobs()[:MOST_SHOWN], "stuck_messages": stuck[:MOST_SHOWN]}
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


@desk_view("POST", roles=MANAGERS)
def resend(request: DeskRequest, message: UUID) -> HttpResponse:
    """Try a failed message again."""
    try:
        resend_message(message=_message_or_404(request, message), at=database_now())
        messages.success(request, "The message is on its way again.")
    except MessageNotFailed:
        messages.error(request, NO_LONGER)
    return redirect("crm:jobs")


@desk_view("POST", roles=MANAGERS)
def discard(request: DeskRequest, message: UUID) -> HttpResponse:
    """Take a failed message off the list."""
    try:
        discard_message(message=_message_or_404(request, message))
        messages.success(request, "The message is off the list.")
    except MessageNotFailed:
        messages.error(request, NO_LONGER)
    return redirect("crm:jobs")


def _of_their_sites(request: DeskRequest, found: QuerySet[Message]) -> QuerySet[Message]:
    """Leave out messages about leads of sites that the reader does not manage."""
    managed = [site for site, role in request.roles.items() if role in MANAGERS]
    return found.exclude(about__in=Lead.objects.exclude(site__in=managed).values("pk"))


def _message_or_404(request: DeskRequest, message: UUID) -> Message:
    return get_object_or_404(_of_their_sites(request, Message.objects.all()), pk=message)
