"""System checks: what must be right before phone systems are believed."""

from typing import Any

from django.conf import settings
from django.core import checks

from notifications.hooks.signatures import UnusableSecret, key_of

HINT = "Behind whsec_ stands the key in base64. Copy the secret anew, or leave whsec_ away for a plain one."


@checks.register
def check_phone_secrets(**_: Any) -> list[checks.CheckMessage]:
    """Each of PHONE_SECRETS can be a key. Only a warning: callers come by the web, too."""
    return [
        checks.Warning(f"PHONE_SECRETS: the secret {name!r} cannot be read.", hint=HINT, id="crm.W001")
        for name, secret in settings.PHONE_SECRETS.items()
        if not is_usable(secret)
    ]


def is_usable(secret: str) -> bool:
    """Return whether signatures can be checked with a secret."""
    try:
        return bool(key_of(secret))
    except UnusableSecret:
        return False
