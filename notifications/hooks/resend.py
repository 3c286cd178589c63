"""Resend signs as Svix does, which is the scheme of Standard Webhooks under other names.

https://resend.com/docs/webhooks/verify-webhooks-requests, https://docs.svix.com/receiving/verifying-payloads/how-manual
"""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest

from notifications.hooks.signatures import (
    NotTheirs,
    Stale,
    StandardHeaders,
    UnusableSecret,
    check_standard,
)


def check_from_resend(request: HttpRequest, at: datetime) -> None:
    """Raise NotTheirs unless it is signed with RESEND_SIGNING_SECRET, and not older than five minutes.

    While the secret is being changed, Svix signs with the old one and with the new one.
    """
    headers = StandardHeaders(
        id=request.headers.get("svix-id", ""),
        timestamp=request.headers.get("svix-timestamp", ""),
        signatures=request.headers.get("svix-signature", ""),
    )
    if not settings.RESEND_SIGNING_SECRET:
        raise NotTheirs
    try:
        check_standard(secret=settings.RESEND_SIGNING_SECRET, headers=headers, body=request.body, at=at)
    except (Stale, UnusableSecret):
        raise NotTheirs from None
