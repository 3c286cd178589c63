"""Guides to read, and the signs to tick. Nothing that is ticked is kept, and no cookie is set."""

import structlog
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse

from intake.content.guides import shipped_guides
from intake.enums import GuideSubject, NextStep
from intake.frame import current_frame
from intake.guide_text import common_signs, parts_of
from intake.models import Guide
from intake.selectors import public_guide, public_guides
from intake.views.public import public_page, render_public

log = structlog.get_logger(__name__)


@public_page("GET")
def index(request: HttpRequest) -> HttpResponse:
    """List the guides."""
    guides = [(guide, GuideSubject(guide.slug).label) for guide in _guides()]
    return render_public(request, "intake/guides.html", {"guides": guides})


@public_page("GET")
def guide(request: HttpRequest, substance: str) -> HttpResponse:
    return render_guide(request, _guide_or_404(substance))


@public_page("GET", "POST", is_private=True)
def signs(request: HttpRequest, substance: str) -> HttpResponse:
    """Let signs be ticked, and say what to do next. Only how soon help is needed is sent, and not kept."""
    found = _guide_or_404(substance)
    if request.method == "POST":
        ticked = set(request.POST.getlist("sign"))
        steps = [step for step in NextStep if step in ticked]
        return render_public(request, "intake/signs_next.html", {"guide": found, "steps": steps})
    return render_public(request, "intake/signs.html", {"guide": found, "common": common_signs(found)})


def render_guide(request: HttpRequest, guide: Guide, *, is_preview: bool = False) -> HttpResponse:
    """Show a guide; sections that a clinician must see first stay hidden until the guide is approved."""
    frame = current_frame()
    parts = parts_of(guide, frame.words, is_whole=guide.is_approved or is_preview)
    context = {"guide": guide, "parts": parts, "is_preview": is_preview}
    return render_public(request, "intake/guide.html", context, frame=frame)


def _guides() -> list[Guide]:
    """Return the public guides, or the shipped ones while the database is down."""
    try:
        return public_guides()
    except (DatabaseError, InterfaceError) as error:
        log.warning("guides_without_database", error=type(error).__name__)
        return [_shipped(slug) for slug in GuideSubject.values]


def _guide_or_404(slug: str) -> Guide:
    if slug not in GuideSubject.values:
        raise Http404("No such guide")
    try:
        found = public_guide(slug)
    except (DatabaseError, InterfaceError) as error:
        log.warning("guide_without_database", error=type(error).__name__)
        return _shipped(slug)
    if found is None:
        raise Http404("No such guide")
    return found


def _shipped(slug: str) -> Guide:
    return next(Guide(**guide) for guide in shipped_guides() if guide["slug"] == slug)
