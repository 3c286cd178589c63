"""Pages for what went wrong. They keep the numbers in sight and never need the database."""

from django.http import HttpRequest, HttpResponse

from intake.frame import fallback_frame
from intake.views.public import render_public


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # Django's signature
    """Answer what was too long or too odd to read."""
    return _error(request, "400.html", 400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # Django's signature
    """Answer a staff form whose security token is missing or old."""
    return _error(request, "403_csrf.html", 403)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # Django's signature
    return _error(request, "403.html", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # Django's signature
    return _error(request, "404.html", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _error(request, "500.html", 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Answer while the database is down."""
    return _error(request, "503.html", 503)


def _error(request: HttpRequest, template: str, status: int) -> HttpResponse:
    return render_public(request, template, status=status, frame=fallback_frame())
