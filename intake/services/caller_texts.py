"""Versions of what callers are told: another wording, and which of them is said."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from crm.models import User
from intake.models import CallerMessage
from intake.models.content import ReviewState
from intake.refusals import AlreadyApproved


@transaction.atomic
def draft_text(*, key: str, voice: str, text: str, by: User) -> CallerMessage:
    """Store another wording, which no caller is told before somebody approves it."""
    version = max((each.version for each in _locked(key, voice)), default=0) + 1
    return CallerMessage.objects.create(key=key, voice=voice, version=version, text=text, created_by=by)


@transaction.atomic
def approve_text(*, text: CallerMessage, by: User, at: datetime) -> None:
    """Say this wording to callers from now on, in place of any other. Raises AlreadyApproved."""
    found = {each.pk: each for each in _locked(text.key, text.voice)}[text.pk]
    if found.state == ReviewState.APPROVED:
        raise AlreadyApproved
    versions = CallerMessage.objects.filter(key=text.key, voice=text.voice)
    versions.filter(state=ReviewState.APPROVED).update(state=ReviewState.RETIRED)
    versions.filter(pk=text.pk).update(state=ReviewState.APPROVED, approved_by=by, approved_at=at)


def _locked(key: str, voice: str) -> QuerySet[CallerMessage]:
    return CallerMessage.objects.filter(key=key, voice=voice).order_by("version").select_for_update()
