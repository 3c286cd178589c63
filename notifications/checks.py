"""System checks: what must be right before messages can go out."""

from typing import Any

from django.conf import settings
from django.core import checks

from notifications.channels.registry import EMAIL_TRANSPORTS


@checks.register
def check_email_channel(**_: Any) -> list[checks.CheckMessage]:
    """EMAIL_CHANNEL names a transport."""
    if settings.EMAIL_CHANNEL in EMAIL_TRANSPORTS:
        return []
    return [
        checks.Error(f"EMAIL_CHANNEL must be one of {', '.join(EMAIL_TRANSPORTS)}.", id="notifications.E001")
    ]


@checks.register(checks.Tags.security, deploy=True)
def check_email_goes_out(**_: Any) -> list[checks.CheckMessage]:
    """In production e-mail goes out: a file or a terminal reaches nobody and shows addresses."""
    if settings.EMAIL_CHANNEL == "smtp":
        return []
    return [checks.Warning("EMAIL_CHANNEL is not smtp: nobody gets any message.", id="notifications.W001")]
