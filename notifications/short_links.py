"""A short address for the link in a text: it names the message, signed, and leads to where its link does.

A text of 160 letters has no room for a link that carries all it means. Good as long as that link is.
"""

import base64
import binascii
from hmac import compare_digest
from uuid import UUID

from django.utils.crypto import salted_hmac

SEAL = 8  # bytes: nobody guesses one of 2^64 by asking us


def short_code(message: UUID) -> str:
    """Return the code of a message: 32 letters."""
    return base64.urlsafe_b64encode(message.bytes + _seal(message.bytes)).decode()


def message_of(code: str) -> UUID | None:
    """Return the message of a code, None when it is not ours."""
    try:
        raw = base64.urlsafe_b64decode(code)
    except (binascii.Error, ValueError):
        return None
    named, seal = raw[:16], raw[16:]
    if len(named) != 16 or not compare_digest(seal, _seal(named)):
        return None
    return UUID(bytes=named)


def _seal(named: bytes) -> bytes:
    return salted_hmac("notifications.short_links", named, algorithm="sha256").digest()[:SEAL]
