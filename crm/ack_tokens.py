"""The link by which one person says, without signing in, that they have one alert.

It names an alert, a person and until when it is good, signed; it does nothing else, and says nothing of
anybody. A token for one way of answering is none for another: that of a call does nothing on the page. What
makes an address of it is in crm.alert_words.
"""

import base64
import binascii
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.core.signing import BadSignature, Signer

from notifications.enums import Acknowledgement

GOOD_FOR = timedelta(hours=24)
_SIGNERS = {
    Acknowledgement.LINK: Signer(salt="crm.acknowledge", sep="."),
    Acknowledgement.PUSH: Signer(salt="crm.acknowledge.push", sep="."),
    Acknowledgement.VOICE: Signer(salt="crm.acknowledge.voice", sep="."),
}
_SUMMARY = Signer(salt="crm.acknowledge.summary", sep=".")
_SUMMARY_SHAPE = struct.Struct(">16sI")
_SHAPE = struct.Struct(">16s16sI")


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whom a token was made for, about which alert, for which way of answering, and until when it is good."""

    escalation: UUID
    user: UUID
    until: datetime
    how: Acknowledgement = Acknowledgement.LINK


def ack_token(
    *, escalation: UUID, user: UUID, at: datetime, how: Acknowledgement = Acknowledgement.LINK
) -> str:
    """Return the token for one person, one alert and one way of answering, good for a day."""
    until = int((at + GOOD_FOR).timestamp())
    packed = _SHAPE.pack(escalation.bytes, user.bytes, until)
    return _SIGNERS[how].sign(base64.urlsafe_b64encode(packed).decode().rstrip("="))


def bearer_of(token: str, *ways: Acknowledgement) -> Bearer | None:
    """Return what a token says, expired or not; None when it is not ours, or for none of these ways.

    Without any, it has to be that of the link.
    """
    found = (_read(token, how) for how in ways or (Acknowledgement.LINK,))
    return next((bearer for bearer in found if bearer), None)


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a link to several alerts was made for, and when: it answers none that began later."""

    user: UUID
    made_at: datetime


def summary_token(*, user: UUID, at: datetime) -> str:
    """Return the token of the link in a summary, by which one person answers what waits by then."""
    packed = _SUMMARY_SHAPE.pack(user.bytes, int(at.timestamp()))
    return _SUMMARY.sign(base64.urlsafe_b64encode(packed).decode().rstrip("="))


def reader_of(token: str) -> Reader | None:
    """Return what the token of a summary says, however old; None when it is not ours."""
    try:
        user, made_at = _SUMMARY_SHAPE.unpack(base64.urlsafe_b64decode(_SUMMARY.unsign(token) + "=="))
    except (BadSignature, binascii.Error, ValueError, struct.error):
        return None
    return Reader(UUID(bytes=user), datetime.fromtimestamp(made_at, tz=UTC))


def _read(token: str, how: Acknowledgement) -> Bearer | None:
    try:
        packed = base64.urlsafe_b64decode(_SIGNERS[how].unsign(token) + "==")
        escalation, user, until = _SHAPE.unpack(packed)
    except (BadSignature, binascii.Error, ValueError, struct.error):
        return None
    return Bearer(UUID(bytes=escalation), UUID(bytes=user), datetime.fromtimestamp(until, tz=UTC), how)
