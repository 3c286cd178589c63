"""Guides: the version that the public reads, and every other."""

from django.db.models import Case, Q, QuerySet, When

from intake.enums import GuideSubject
from intake.models import Guide, GuideApproval
from intake.models.content import ReviewState


def public_guide(slug: str) -> Guide | None:
    """Return the version that the public reads: the approved one, else the newest that shipped.

    What staff have drafted is not public before somebody has approved it.
    """
    return _public_guides().filter(slug=slug).first()


def public_guides() -> list[Guide]:
    """Return the public version of each guide, in the order of the index."""
    newest: dict[str, Guide] = {}
    for guide in _public_guides():
        newest.setdefault(guide.slug, guide)
    return [newest[slug] for slug in GuideSubject.values if slug in newest]


def _public_guides() -> QuerySet[Guide]:
    shipped = Q(state=ReviewState.AWAITING_REVIEW, created_by=None)
    approved_first = Case(When(state=ReviewState.APPROVED, then=0), default=1)
    return Guide.objects.filter(shipped | Q(state=ReviewState.APPROVED)).order_by(approved_first, "-version")


def guide_versions() -> QuerySet[Guide]:
    """Return every version of every guide, newest first, with who wrote and who approved it."""
    return Guide.objects.select_related("created_by", "reviewed_by").order_by("slug", "-version")


def approvals_of(slug: str) -> QuerySet[GuideApproval]:
    """Return which version of a guide was put before the public when, and by whom, latest first."""
    found = GuideApproval.objects.filter(guide__slug=slug).select_related("guide", "by")
    return found.order_by("-approved_at", "-id")
