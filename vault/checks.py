"""Whether the keys can be read: asked by manage.py check and migrate, and when make run starts."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from vault.keysets import VaultError, check_keysets


@register()
def check_keys(**_: Any) -> list[CheckMessage]:
    """Find keysets that cannot be read."""
    try:
        check_keysets(settings.VAULT_KEYSETS)
    except VaultError as error:
        return [Error(str(error), id="vault.E001")]
    return []
