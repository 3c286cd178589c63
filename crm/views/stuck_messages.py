"""Messages that did not get through: sent again, one or all of them, or given up. For managers."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from crm.forms.stuck_messages import StuckMessagesForm
from crm.models import Lead
from crm.permissions import MANAGERS, DeskRequest, desk_view
from jobs.clock import database_now
from notifications.models import Message
from notifications.selectors import failed_messages
from notifications.services.outbox import (
    MessageNotFailed,
    discard_message,
    resend_message,
    resend_messages,
)

NO_LONGER = "Somebody has dealt with that already."


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
def resend_all(request: DeskRequest) -> HttpResponse:
    """Try all failed messages of the filter again, each once."""
    chosen = StuckMessagesForm(request.POST).narrow(failed_messages())
    count = resend_messages(messages=of_their_sites(request, chosen), at=database_now())
    if count:
        messages.success(request, f"{count} message{'s are' if count > 1 else ' is'} on the way again.")
    else:
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


def of_their_sites(request: DeskRequest, found: QuerySet[Message]) -> QuerySet[Message]:
    """Leave out messages about leads of sites that the reader does not manage."""
    managed = [site for site, role in request.roles.items() if role in MANAGERS]
    return found.exclude(about__in=Lead.objects.exclude(site__in=managed).values("pk"))


def _message_or_404(request: DeskRequest, message: UUID) -> Message:
    return get_object_or_404(of_their_sites(request, Message.objects.all()), pk=message)
