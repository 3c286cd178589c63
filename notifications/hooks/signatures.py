"""Was it they who sent this? Twilio's scheme, and Standard Webhooks for every other system and for ourselves.

https://www.twilio.com/docs/usage/security and https://www.standardwebhooks.com
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import SplitResult, urlsplit

from django.http import QueryDict

TOLERANCE = timedelta(minutes=5)
SECRET_PREFIX = "whsec_"  # noqa: S105  what a secret begins with, and none itself
VERSION = "v1"
USUAL_PORTS = {"https": 443, "http": 80}


class NotTheirs(Exception):
    """The signature is missing or wrong."""


class UnusableSecret(ValueError):
    """A secret that begins with "whsec_" and goes on with anything but a key in base64."""


class Stale(Exception):
    """The signature is right, and older or newer than five minutes."""


@dataclass(frozen=True, slots=True)
class StandardHeaders:
    """What stands beside a body: its id, when it was sent (seconds since 1970), and its signatures."""

    id: str
    timestamp: str
    signatures: str


def twilio_signature(*, secret: str, url: str, posted: QueryDict) -> str:
    """Return HMAC-SHA1 over the address and every posted name and value, sorted by name, in base64.

    A name that came twice counts with each of its different values, sorted.
    """
    said = "".join(name + value for name in sorted(posted) for value in sorted(set(posted.getlist(name))))
    return _base64(hmac.digest(secret.encode(), f"{url}{said}".encode(), "sha1"))


def check_twilio(*, secret: str, url: str, posted: QueryDict, signature: str) -> str:
    """Return the signature, by which a replay is known. Raises NotTheirs.

    Twilio signs the address sometimes with and sometimes without its port, so both are tried.
    """
    for each in _with_and_without_port(url):
        expected = twilio_signature(secret=secret, url=each, posted=posted)
        if hmac.compare_digest(expected.encode(), signature.encode()):
            return expected
    raise NotTheirs


def standard_signature(*, secret: str, id: str, timestamp: str, body: bytes) -> str:  # noqa: A002  its name there
    """Return HMAC-SHA256 over "id.timestamp.body", in base64, with the version in front."""
    signed = f"{id}.{timestamp}.".encode() + body
    return f"{VERSION},{_base64(hmac.digest(key_of(secret), signed, 'sha256'))}"


def check_standard(*, secret: str, headers: StandardHeaders, body: bytes, at: datetime) -> str:
    """Return the id, by which a replay is known. Raises NotTheirs, Stale, UnusableSecret.

    There may be more than one signature, apart by spaces, while a secret is being changed.
    """
    expected = standard_signature(secret=secret, id=headers.id, timestamp=headers.timestamp, body=body)
    sent = [hmac.compare_digest(expected.encode(), each.encode()) for each in headers.signatures.split()]
    if not headers.id or not any(sent):
        raise NotTheirs
    if abs(at.timestamp() - _seconds(headers.timestamp)) > TOLERANCE.total_seconds():
        raise Stale
    return headers.id


def key_of(secret: str) -> bytes:
    """Return the key's bytes: what stands behind "whsec_" is base64, anything else is taken as it is.

    Raises UnusableSecret. Read loosely, signs that are no base64 would be left out, and with an empty key
    anybody could sign.
    """
    if not secret.startswith(SECRET_PREFIX):
        return secret.encode()
    written = secret.removeprefix(SECRET_PREFIX)
    try:
        key = base64.b64decode(written + "=" * (-len(written) % 4), validate=True)
    except ValueError:
        raise UnusableSecret from None
    if not key:
        raise UnusableSecret
    return key


def replay_key(known_by: str) -> str:
    """Return what is stored of an event to know it again."""
    return hashlib.sha256(known_by.encode()).hexdigest()


def _seconds(timestamp: str) -> int:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12):
        raise NotTheirs
    return int(timestamp)


def _base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def _with_and_without_port(url: str) -> Iterator[str]:
    parts = urlsplit(url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    yield url
    yield _at(parts, host)
    yield _at(parts, f"{host}:{parts.port or USUAL_PORTS.get(parts.scheme, 443)}")


def _at(parts: SplitResult, netloc: str) -> str:
    return parts._replace(netloc=netloc).geturl()
