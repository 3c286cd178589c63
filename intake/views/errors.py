"""Pages for what went wrong. Public ones keep the numbers in sight and never need the database.

What staff meet at the desk wears the desk, with the way back to it.
"""

import sys
from typing import Any

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from intake.frame import fallback_frame
from intake.views.public import kept_private, render_public

log = structlog.get_logger(__name__)

UNTYPED = {"csrfmiddlewaretoken", "idempotency_key"}  # fields that a form fills in by itself
# What people write, rather than tick.
WORDS = {
    *("name", "phone", "email", "address", "free_text", "code"),
    *("safe_times", "ask_for", "say_instead", "safe_note"),
}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # Django's signature
    """Answer what was too long or too odd to read."""
    return _error(request, "400.html", 400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # Django's signature
    """Answer a staff form whose security token is missing or old."""
    return _error(request, "403_csrf.html", 403, desk="desk/403_csrf.html")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # Django's signature
    return _error(request, "403.html", 403, desk="desk/403.html")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # Django's signature
    return _error(request, "404.html", 404, desk="desk/404.html")


def server_error(request: HttpRequest) -> HttpResponse:
    if isinstance(sys.exception(), (OperationalError, InterfaceError)):
        return unavailable(request)
    if request.path.startswith("/desk/"):
        return render(request, "desk/500.html", status=500)
    return _error(request, "500.html", 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Answer while the database is down. What was typed comes back, to be sent again."""
    is_desk = request.path.startswith("/desk/")
    if not is_desk and not _is_public_form(request):
        return _error(request, "503.html", 503)
    said = [(name, value) for name, values in request.POST.lists() for value in values]
    typed = [(name.replace("_", " "), value) for name, value in said if value and name not in UNTYPED]
    if is_desk:
        return render(request, "desk/503.html", {"said": said, "typed": typed}, status=503)
    words = [value for name, value in said if value and name in WORDS]
    return _error(request, "503.html", 503, context={"not_stored": True, "said": said, "typed": words})


def _is_public_form(request: HttpRequest) -> bool:
    """Return whether this is one of our public forms; never the sign-in: a password is not to be shown."""
    match = request.resolver_match
    return request.method == "POST" and match is not None and match.app_name == "intake"


def _error(
    request: HttpRequest, template: str, status: int, *, desk: str = "", context: dict[str, Any] | None = None
) -> HttpResponse:
    if desk and _is_staff(request):
        return render(request, desk, status=status)
    whole = {"carried": "", **(context or {})}
    page = render_public(request, template, whole, status=status, frame=fallback_frame())
    return kept_private(page)  # what is wrong now may be right in a minute, and the address may be a token


def _is_staff(request: HttpRequest) -> bool:
    """Return whether somebody who has signed in is at the desk."""
    if not request.path.startswith("/desk/") or not hasattr(request, "user"):
        return False
    try:
        return request.user.is_authenticated
    except (DatabaseError, InterfaceError) as error:
        log.warning("error_page_without_database", error=type(error).__name__)
        return False
