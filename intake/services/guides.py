"""Versions of guides: another draft, and which of them the public reads."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from crm.models import User
from intake.models import Guide, GuideApproval
from intake.models.content import ReviewState
from intake.refusals import AlreadyApproved

REVIEWED_AGAIN_AFTER = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class GuideWords:
    """All that one version of a guide says, in the shapes of the model Guide."""

    title: str
    summary: str
    sections: list[dict[str, Any]]
    danger_signs: dict[str, list[str]]


@transaction.atomic
def draft_guide(*, slug: str, words: GuideWords, note: str, by: User) -> Guide:
    """Store another version of a guide, which the public does not see before somebody approves it."""
    version = max((each.version for each in _locked(slug)), default=0) + 1
    return Guide.objects.create(slug=slug, version=version, note=note, created_by=by, **asdict(words))


@transaction.atomic
def approve_guide(*, guide: Guide, by: User, at: datetime) -> None:
    """Put a version before the public, dated, in place of the one there. An older one returns the same way.

    Raises AlreadyApproved when it is the public one.
    """
    found = {each.pk: each for each in _locked(guide.slug)}[guide.pk]
    if found.is_approved:
        raise AlreadyApproved
    versions = Guide.objects.filter(slug=guide.slug)
    versions.filter(state=ReviewState.APPROVED).update(state=ReviewState.RETIRED)
    versions.filter(pk=guide.pk).update(
        state=ReviewState.APPROVED,
        reviewed_by=by,
        approved_at=at,
        review_date=localdate(at) + REVIEWED_AGAIN_AFTER,
    )
    GuideApproval.objects.create(guide=found, by=by, approved_at=at)


def _locked(slug: str) -> QuerySet[Guide]:
    """Return the versions of a guide, so that two people do not number or approve at once."""
    return Guide.objects.filter(slug=slug).order_by("version").select_for_update()
