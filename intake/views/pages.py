"""Pages that only say something, and the way out."""

from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from intake.content.guides import shipped_guides
from intake.draft_keys import COOKIE
from intake.models import Guide
from intake.models.content import ReviewState
from intake.selectors import latest_guide
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
def guide(request: HttpRequest, substance: str) -> HttpResponse:
    """Show a guide; sections that a clinician must see first stay hidden until the guide is approved."""
    found = _guide(substance)
    if found is None:
        raise Http404("No such guide")
    return render_public(request, "intake/guide.html", {"guide": found, "sections": _public_sections(found)})


@public_page("GET")
def privacy(request: HttpRequest) -> HttpResponse:
    return render_public(request, "intake/privacy.html")


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


def _guide(slug: str) -> Guide | None:
    """Return the newest version, or the shipped one while the database is down."""
    try:
        return latest_guide(slug)
    except (DatabaseError, InterfaceError) as error:
        log.warning("guide_without_database", error=type(error).__name__)
        return next((Guide(**guide) for guide in shipped_guides() if guide["slug"] == slug), None)


def _public_sections(guide: Guide) -> list[dict[str, Any]]:
    is_approved = guide.state == ReviewState.APPROVED
    return [section for section in guide.sections if is_approved or not section.get("needs_approval")]
