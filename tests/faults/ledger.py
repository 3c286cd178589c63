"""Load, and the ledger of what its clients were promised: every 2xx that one of them saw.

Enquiries start at a fixed rate, whatever the answers take. A client that gets a 5xx, no answer in time or
no connection tries again with the same key and body, as a browser's user or a partner's program does.
"""

import http.client
import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlencode
from uuid import uuid4

from tests.faults.length import LONG

PATIENCE = 5.0 if LONG else 20.0  # seconds that a client waits for an answer: a test run shares its machine
RETRY_AFTER = 0.25
GIVE_UP_AFTER = 90.0 if LONG else 180.0  # seconds since the first try; all of a load, since its end
CLIENTS = 24
PER_SECOND = 20 if LONG else 10  # each enquiry is a tenth of a second of a core, until all of it is done
_numbers = itertools.count(1)

WITHDRAWAL = {
    "substances": [
        {
            "name": "alcohol",
            "freq": "daily",
            "amount_per_day": 18,
            "status": "stopped",
            "hours_since_last": 18,
        }
    ],
    "symptoms": ["tremor", "sweating"],
}
CALM = {
    "substances": [{"name": "alcohol", "freq": "weekly", "status": "using"}],
    "timing": "flexible",
    "free_text": "I would like to drink less.",
}


@dataclass
class Enquiry:
    """One enquiry: what is sent, and what its client saw. `took` has the seconds of each answered try."""

    urgent: bool
    by_form: bool = False
    key: str = field(default_factory=lambda: str(uuid4()))
    number: int = field(default_factory=lambda: next(_numbers))
    reference: str = ""
    accepted: bool = False
    statuses: list[int] = field(default_factory=list)
    unanswered: int = 0
    took: list[float] = field(default_factory=list)

    def request(self) -> tuple[str, str, dict[str, str]]:
        """Return path, body and headers."""
        if self.by_form:
            return "/urgent/", self._form(), {"Content-Type": "application/x-www-form-urlencoded"}
        return (
            "/api/v1/enquiries",
            self._json(),
            {"Content-Type": "application/json", "Idempotency-Key": self.key},
        )

    def take_in(self, status: int, body: bytes) -> None:
        """Note an answer."""
        self.statuses.append(status)
        self.accepted = status in {201, 302}
        if status == 201:
            self.reference = json.loads(body)["reference"]

    def _json(self) -> str:
        contact = {"name": f"Example Caller {self.number}", "phone": f"07700 9{self.number:05d}"}
        if not self.urgent:
            contact["email"] = f"caller{self.number}@example.org"
        said = WITHDRAWAL if self.urgent else CALM
        base: dict[str, Any] = {"enquirer": "self", "age_band": "18_64", "suicide": "none_disclosed"}
        return json.dumps(base | said | {"contact": contact, "consent": True})

    def _form(self) -> str:
        said = {
            "enquirer": "self",
            "happening": "chest_pain",
            "free_text": "I feel very ill.",
            "safe_ways": "call",
        }
        contact = {"name": f"Example Caller {self.number}", "phone": f"07700 9{self.number:05d}"}
        return urlencode(said | contact | {"idempotency_key": self.key})


class Ledger(list[Enquiry]):
    """All enquiries of a load, with what became of them in the eyes of their clients."""

    @property
    def accepted(self) -> list[Enquiry]:
        return [enquiry for enquiry in self if enquiry.accepted]

    @property
    def urgent(self) -> list[Enquiry]:
        return [enquiry for enquiry in self.accepted if enquiry.urgent]

    @property
    def refused(self) -> int:
        """Return how many tries were answered with something else than an acceptance."""
        return sum(len(enquiry.statuses) - enquiry.accepted for enquiry in self)

    @property
    def unanswered(self) -> int:
        return sum(enquiry.unanswered for enquiry in self)

    def percentile(self, share: float) -> float:
        """Return the nearest-rank percentile of the answers' times in milliseconds."""
        took = sorted(seconds for enquiry in self for seconds in enquiry.took)
        return 1000 * took[min(len(took) - 1, int(share * len(took)))]


class Load:
    """Sends while its block runs and until `seconds` are over; a fifth of it urgent, a tenth by the form."""

    def __init__(self, port: int, *, seconds: float) -> None:
        self.port, self._seconds, total = port, seconds, int(seconds * PER_SECOND)
        self.ledger = Ledger(Enquiry(urgent=n % 5 == 0, by_form=n % 10 == 0) for n in range(total))
        self._began = self._until = 0.0
        self._turns: Iterator[tuple[int, Enquiry]] = iter(enumerate(self.ledger))
        self._lock, self._broken_off = threading.Lock(), threading.Event()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(CLIENTS)]

    def __enter__(self) -> Self:
        self._began = time.monotonic()
        self._until = self._began + self._seconds + GIVE_UP_AFTER
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, failure: type[BaseException] | None, *_: object) -> None:
        if failure:
            self._broken_off.set()
        for thread in self._threads:
            thread.join()

    def reach(self, seconds: float) -> None:
        """Return when the load has run for so many seconds."""
        time.sleep(max(0.0, self._began + seconds - time.monotonic()))

    def pause(self, seconds: float) -> None:
        """Let the load run on for so many seconds."""
        time.sleep(seconds)

    def _work(self) -> None:
        while turn := self._next():
            number, enquiry = turn
            self.reach(number / PER_SECOND)
            patience = min(GIVE_UP_AFTER, self._until - time.monotonic())
            send(self.port, enquiry, give_up_after=patience, broken_off=self._broken_off.is_set)

    def _next(self) -> tuple[int, Enquiry] | None:
        with self._lock:
            return None if self._broken_off.is_set() else next(self._turns, None)


def send(
    port: int,
    enquiry: Enquiry,
    *,
    give_up_after: float = GIVE_UP_AFTER,
    broken_off: Callable[[], bool] = lambda: False,
) -> Enquiry:
    """Send until the enquiry is accepted, or its client gives up."""
    until = time.monotonic() + give_up_after
    while True:
        _try(port, enquiry)
        if enquiry.accepted or time.monotonic() > until or broken_off():
            return enquiry
        time.sleep(RETRY_AFTER)


def _try(port: int, enquiry: Enquiry) -> None:
    path, body, headers = enquiry.request()
    began = time.monotonic()
    try:
        status, answer = post(port, path, body, headers)
    except (OSError, http.client.HTTPException):
        enquiry.unanswered += 1
        return
    enquiry.took.append(time.monotonic() - began)
    enquiry.take_in(status, answer)


def post(port: int, path: str, body: str, headers: dict[str, str]) -> tuple[int, bytes]:
    """Return status and body of the answer. Raises OSError or HTTPException when there is none in time."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("POST", path, body=body, headers=headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()
