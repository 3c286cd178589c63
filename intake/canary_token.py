"""What marks an enquiry as the canary's: a token that only we can make, for one form, and not for long.

It names the form's idempotency key, so one token makes one enquiry at most. Whoever makes one up, or keeps
one, has sent an ordinary enquiry. The time in it is the database's: the clocks of web and worker may differ.
"""

from datetime import UTC, datetime, timedelta

from django.core.signing import BadSignature, Signer

GOOD_FOR = timedelta(minutes=5)
_signer = Signer(salt="intake.canary", sep=".")


def canary_token(key: str, at: datetime) -> str:
    return _signer.sign(f"{key}.{int(at.timestamp())}")


def signed_at(token: str, key: str) -> datetime | None:
    """Return when we made the token for the form of this key; None for any other one."""
    try:
        named, _, seconds = _signer.unsign(token).rpartition(".")
    except BadSignature:
        return None
    return datetime.fromtimestamp(int(seconds), tz=UTC) if named == key else None
