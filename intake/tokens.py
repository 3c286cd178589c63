"""The address of a caller's own page: signed, and good for 30 days after the enquiry."""

import base64
import binascii
from datetime import timedelta
from uuid import UUID

from django.core.signing import BadSignature, Signer

GOOD_FOR = timedelta(days=30)
_signer = Signer(salt="intake.received", sep=".")


def received_token(enquiry_id: UUID) -> str:
    """Return the token of an enquiry's page; always the same one, so that a repeated answer is equal."""
    return _signer.sign(base64.urlsafe_b64encode(enquiry_id.bytes).decode().rstrip("="))


def enquiry_id_of(token: str) -> UUID | None:
    """Return the enquiry that the token was made for, or None when the token is not ours."""
    try:
        return UUID(bytes=base64.urlsafe_b64decode(_signer.unsign(token) + "=="))
    except (BadSignature, binascii.Error, ValueError):
        return None
