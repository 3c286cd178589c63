"""One visit to our own public form, over the network as any visitor's, within a deadline for all of it."""

from dataclasses import dataclass
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from notifications.channels.deadline import Deadline

LARGEST_PAGE = 500_000  # bytes; ours have less than 60,000
LONGEST_NAME = 60  # of an error, as it is kept


class VisitFailed(Exception):
    """The page did not answer as it should. `reason` is a status or an error class."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason[:LONGEST_NAME]


@dataclass(frozen=True, slots=True)
class Visit:
    """A browser that knows one site: CANARY_URL, as whoever asks for BASE_URL."""

    deadline: Deadline

    def hidden_fields(self, path: str) -> dict[str, str]:
        """Return what the form of a page carries unseen. Raises VisitFailed."""
        status, page, _ = self._ask("GET", path)
        if status != 200:
            raise VisitFailed(f"HTTP {status}")
        found = _Hidden()
        found.feed(page.decode("utf-8", "replace"))
        return found.fields

    def send(self, path: str, said: dict[str, str]) -> None:
        """Send a form, which leads on to another page. Raises VisitFailed."""
        status, _, location = self._ask("POST", path, urlencode(said).encode())
        if status != 302 or not location:
            raise VisitFailed(f"HTTP {status}")

    def _ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes, str]:
        try:
            return self._exchange(method, path, body)
        except (OSError, HTTPException) as error:
            raise VisitFailed(type(error).__name__) from None

    def _exchange(self, method: str, path: str, body: bytes) -> tuple[int, bytes, str]:
        there = urlsplit(settings.CANARY_URL)
        kind = HTTPSConnection if there.scheme == "https" else HTTPConnection
        connection = kind(there.hostname or "", there.port, timeout=self.deadline.left())
        try:
            connection.request(method, there.path + path, body or None, _headers(body))
            response = connection.getresponse()
            page = b""
            while len(page) < LARGEST_PAGE and (piece := response.read1(16_384)):
                self.deadline.left()
                page += piece
            return response.status, page, response.headers.get("Location", "")
        finally:
            connection.close()


def _headers(body: bytes) -> dict[str, str]:
    """Return what a proxy of ours would send along: the name that the public asks for, and how."""
    public = urlsplit(settings.BASE_URL)
    form = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    return {
        "Host": public.netloc,
        "X-Forwarded-Proto": public.scheme,
        "User-Agent": "Threshold-Canary",
    } | form


class _Hidden(HTMLParser):
    """Collects the hidden fields of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("type") == "hidden" and (name := given.get("name")):
            self.fields[name] = given.get("value") or ""
