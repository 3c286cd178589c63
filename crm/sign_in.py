"""How staff sign in: by invitation only, with a second factor where the clinic asks for one."""

from collections.abc import Callable

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from crm.permissions import lacks_second_factor


class StaffAccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


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
