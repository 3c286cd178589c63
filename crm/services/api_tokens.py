"""Bearer tokens of the API: made, used and taken back."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db.models import Q

from crm.models import ApiToken, User

PREFIX = "threshold_"  # so that scanners for leaked secrets know one when they see it
NOTED_EVERY = timedelta(minutes=1)


def issue_token(*, user: User, at: datetime) -> str:
    """Return a new token of this user. It is never shown again; older ones stay good."""
    token = PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(user=user, digest=_digest(token), created_at=at)
    return token


def revoke_tokens(*, user: User, at: datetime) -> int:
    """Take back all tokens of this user; return how many there were."""
    return ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=at)


def use_token(*, token: str, at: datetime) -> User | None:
    """Return whose token it is, and note its use. None if it is not good, or of somebody who left."""
    found = ApiToken.objects.select_related("user").filter(digest=_digest(token), revoked_at=None).first()
    if found is None or not found.user.is_active:
        return None
    if found.used_at is None or found.used_at < at - NOTED_EVERY:
        stale = Q(used_at=None) | Q(used_at__lt=at - NOTED_EVERY)
        ApiToken.objects.filter(stale, pk=found.pk).update(used_at=at)
    return found.user


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
