"""Pages that only say something, and the way out."""

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from intake.draft_keys import COOKIE
from intake.views.draft_cookie import forget_answers
from intake.views.public import public_page, render_public

JOURNEYS = {
    "": "home",
    "soon": "urgent",
    "stay": "prebooked",
}  # addresses that tell nothing, and what follows

log = structlog.get_logger(__name__)


@public_page("GET")
def home(request: HttpRequest) -> HttpResponse:
    return render_public(request, "intake/home.html")


@public_page("GET")
def privacy(request: HttpRequest) -> HttpResponse:
    minutes = settings.BUDGET_MINUTES if settings.BUDGET_PER_ADDRESS else 0
    return render_public(request, "intake/privacy.html", {"counted_minutes": minutes})


@public_page("GET")
def accessibility(request: HttpRequest) -> HttpResponse:
    return render_public(request, "intake/accessibility.html")


@public_page("GET")
def complaints(request: HttpRequest) -> HttpResponse:
    return render_public(request, "intake/complaints.html")


@public_page("GET", "POST", is_private=True)
def leave(request: HttpRequest) -> HttpResponse:
    """Forget the session and unsent answers, then go somewhere that gives nothing away.

    Leaving works without a database too.
    """
    response = HttpResponseRedirect(settings.QUICK_EXIT_URL)
    response["Referrer-Policy"] = "no-referrer"
    try:
        forget_answers(request)
        request.session.flush()
    except (DatabaseError, InterfaceError) as error:
        log.warning("session_not_cleared", error=type(error).__name__)
    for cookie in {*request.COOKIES, COOKIE, settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}:
        response.delete_cookie(cookie)
    response["Clear-Site-Data"] = (
        '"cookies", "storage"'  # not "cache": it takes browsers seconds, and leaving may not
    )
    return response


@public_page("GET")
def leaving(request: HttpRequest, journey: str = "") -> HttpResponse:
    """Explain the way out, alone or before the first question of a journey."""
    if journey not in JOURNEYS:
        raise Http404("No such journey")
    return render_public(
        request, "intake/leaving.html", {"onward": f"intake:{JOURNEYS[journey]}", "journey": journey}
    )
