"""The one HTTP client for all that goes out: https only, one deadline, a small answer, no redirects.

It stands on the standard library: the time-outs of urllib3, requests and httpx are for each single read, so
none of them would leave a server that drips bytes in time.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPMessage, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import SplitResult, urlsplit

from notifications.channels.base import DeliveryError
from notifications.channels.deadline import Deadline
from notifications.channels.reach import addresses_of
from notifications.channels.tls import LARGEST_ANSWER, TlsInTime, connect_tls

LONGEST_WAIT = 3600.0  # seconds that a provider may ask for
NOT_TAKEN = {501, 503}  # of the 5xx, those that say that nothing was done


@dataclass(frozen=True)
class Answer:
    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    def json(self) -> dict[str, Any]:
        """Return the object in the body, an empty one for anything else, however deeply it is nested."""
        try:
            said = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return said if isinstance(said, dict) else {}

    def failure(self, reason: str = "", *, permanent: bool = False) -> DeliveryError:
        """Return the error that this answer is: 5xx leaves open whether the message was taken."""
        return DeliveryError(
            reason or f"HTTP {self.status}",
            permanent=permanent,
            retry_after=self._seconds_to_wait(),
            ambiguous=self.status >= 500 and self.status not in NOT_TAKEN and not permanent,
        )

    def _seconds_to_wait(self) -> float | None:
        """Read Retry-After, seconds or a date (RFC 9110, 10.2.3); a date by the server's own clock."""
        said = self.headers.get("Retry-After", "").strip()
        if said.isascii() and said.isdigit():
            return min(float(said[:9]), LONGEST_WAIT)
        try:
            until, now = parsedate_to_datetime(said), parsedate_to_datetime(self.headers.get("Date", ""))
            return min(max((until - now).total_seconds(), 0.0), LONGEST_WAIT)
        except (TypeError, ValueError):
            return None


def call(  # noqa: PLR0913 (what a request is)
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes = b"",
    deadline: Deadline,
    public_only: bool = False,
) -> Answer:
    """Ask and return the answer, whatever its status. `public_only`: somebody gave us this address.

    Raises DeliveryError: ambiguous from the moment that the first byte may have reached the other side.
    """
    target = _target(url)
    try:
        connection = _connect(target, deadline, public_only)
    except (OSError, ValueError) as error:  # ValueError: no name of a host, not even for TLS
        raise DeliveryError(type(error).__name__, permanent=False) from None
    try:
        connection.request(method, _path(target), body or None, dict(headers))
        with connection.getresponse() as response:
            return _read(response)
    except (OSError, HTTPException, ValueError) as error:
        raise DeliveryError(type(error).__name__, permanent=False, ambiguous=True) from None
    finally:
        connection.close()


def origin(url: str) -> str:
    """Return scheme, host and port of an address. Raises DeliveryError for one that is not https."""
    return f"https://{_target(url).netloc}"


def _target(url: str) -> SplitResult:
    """Return the parts of an https address without a log-in in it."""
    try:
        target = urlsplit(url)
        fits = target.scheme == "https" and target.hostname and target.port != 0 and "@" not in target.netloc
    except ValueError:
        fits = False
    if not fits or not url.isascii() or not url.isprintable() or " " in url:
        raise DeliveryError("InvalidAddress", permanent=True)
    return target


def _path(target: SplitResult) -> str:
    return f"{target.path or '/'}{'?' if target.query else ''}{target.query}"


def _connect(target: SplitResult, deadline: Deadline, public_only: bool) -> HTTPSConnection:
    host, port = str(target.hostname), target.port or 443
    addresses = addresses_of(host, port, deadline=deadline, public_only=public_only)
    secure = connect_tls(host=host, port=port, addresses=addresses, deadline=deadline)
    connection = _Connected(host, port, context=secure.context)
    connection.sock = secure
    return connection


class _Connected(HTTPSConnection):
    """A connection that is there already, and is not made a second time."""

    sock: TlsInTime

    def connect(self) -> None:
        raise ConnectionError


def _read(response: HTTPResponse) -> Answer:
    """Return the answer. Its status is said, so a body that breaks off or never ends changes nothing."""
    body = b""
    try:
        while len(body) < LARGEST_ANSWER and (piece := response.read1(LARGEST_ANSWER - len(body))):
            body += piece
    except (OSError, HTTPException, ValueError):
        pass
    return Answer(response.status, response.headers, body)
