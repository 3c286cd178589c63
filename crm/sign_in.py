"""How staff sign in: by invitation only, with a second factor where the clinic asks for one."""

from collections.abc import Callable
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from crm.enums import EndOfLease
from crm.models import User
from crm.permissions import lacks_second_factor
from crm.services.returning import return_leads_of
from jobs.clock import database_now
from notifications.channels.mime import desk_name, named_sender

log = structlog.get_logger(__name__)
NOT_SENT = "The e-mail could not be sent. Try again later, or ask your administrator."


class StaffAccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def logout(self, request: HttpRequest) -> None:
        """Sign out; what somebody has at the desk goes back to its queue."""
        if isinstance(request.user, User):
            at = database_now()
            return_leads_of(user=request.user, why=EndOfLease.SIGNED_OUT, by=request.user, at=at)
        super().logout(request)

    def get_from_email(self) -> str:
        return named_sender(desk_name())

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail about an account; with the mail server down, say so instead of failing."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:  # SMTPException and every failure to connect
            log.error("account_mail_not_sent", error_class=type(error).__name__)
            messages.error(self.request, NOT_SENT)
            raise ImmediateHttpResponse(redirect("account_login")) from error


class SecondFactorForAdmin:
    """Sends staff to set up their second factor before they use the technical admin, as desk_view does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._must_set_one_up(request):
            return redirect("mfa_index")
        return self.get_response(request)

    def _must_set_one_up(self, request: HttpRequest) -> bool:
        is_admin = request.path.startswith("/admin/")
        return is_admin and request.user.is_authenticated and lacks_second_factor(request.user)
