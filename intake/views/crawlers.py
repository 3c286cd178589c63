"""What browsers and search engines ask every site for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe

NOT_FOR_SEARCH = ("/desk/", "/back/", "/received/", "/more/", "/accounts/", "/admin/", "/api/")
IN_EVERY_LANGUAGE = ("/*/back/", "/*/received/", "/*/more/")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(static("icon.svg"))


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Let search engines read the public pages, and nothing else."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_SEARCH + IN_EVERY_LANGUAGE)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
