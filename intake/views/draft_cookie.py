"""The browser's key to answers that were not sent yet (why a cookie: intake.draft_keys)."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from intake.draft_keys import COOKIE, key_in, signed
from intake.models import Draft
from intake.selectors import open_draft
from intake.services.drafts import forget_draft


def has_cookie(request: HttpRequest) -> bool:
    return COOKIE in request.COOKIES


def current_draft(request: HttpRequest, at: datetime) -> Draft | None:
    """Return the answers that this browser has open, None when there are none or the key is not ours."""
    key = key_in(request.COOKIES.get(COOKIE, ""))
    return open_draft(key, at) if key else None


def hold(response: HttpResponse, key: str) -> HttpResponse:
    """Give the browser a key, which it forgets when it is closed."""
    response.set_cookie(
        COOKIE, signed(key), httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response


def let_go(response: HttpResponse) -> HttpResponse:
    """Take the key away from the browser."""
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


def forget_answers(request: HttpRequest) -> None:
    """Delete the answers that this browser has open, but those that were saved to come back to."""
    if key := key_in(request.COOKIES.get(COOKIE, "")):
        forget_draft(key=key)
