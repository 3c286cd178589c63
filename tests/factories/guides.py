"""Further versions of a guide, as staff make them."""

from typing import Any

from crm.models import User
from intake.models import Guide
from intake.services.guides import GuideWords, draft_guide

WORDS = ("title", "summary", "sections", "danger_signs")


def another_version(slug: str, *, by: User, **changes: Any) -> Guide:
    """Return a draft that says what the newest version says, but for these changes."""
    newest = Guide.objects.filter(slug=slug).order_by("-version")[0]
    words = {name: getattr(newest, name) for name in WORDS} | changes
    return draft_guide(slug=slug, words=GuideWords(**words), note="", by=by)
