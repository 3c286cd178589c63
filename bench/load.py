"""HTTP load from this machine to this machine: closed loop for capacity, open loop for latency."""

import http.client
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import uuid4

CONNECTIONS = 8


@dataclass
class Sample:
    """What one run of requests gave: seconds each, and the statuses that were not wanted."""

    seconds: list[float] = field(default_factory=list)
    wrong: list[int] = field(default_factory=list)
    elapsed: float = 0.0

    @property
    def per_second(self) -> float:
        return len(self.seconds) / self.elapsed

    def percentile(self, share: float) -> float:
        """Return the nearest-rank percentile in milliseconds."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    body: Callable[[], str] | None = None
    headers: tuple[tuple[str, str], ...] = ()
    wanted: int = 200


class Client:
    """One connection that is kept open."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def send(self, request: Request, sample: Sample) -> None:
        headers = dict(request.headers)
        body = request.body() if request.body else None
        if body is not None:
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        began = time.perf_counter()
        self._connection.request(request.method, request.path, body=body, headers=headers)
        response = self._connection.getresponse()
        response.read()
        sample.seconds.append(time.perf_counter() - began)
        if response.status != request.wanted:
            sample.wrong.append(response.status)

    def close(self) -> None:
        self._connection.close()


def closed_loop(port: int, request: Request, *, seconds: float, connections: int = CONNECTIONS) -> Sample:
    """Send as fast as the server answers, for so many seconds."""
    until = time.perf_counter() + seconds

    def work(sample: Sample) -> None:
        client = Client(port)
        while time.perf_counter() < until:
            client.send(request, sample)
        client.close()

    return _together(work, connections)


def side_by_side(port: int, requests: Sequence[Request], *, seconds: float) -> Sample:
    """Send each request over and over on a connection of its own, for so many seconds."""
    until, mine = time.perf_counter() + seconds, iter(requests)

    def work(sample: Sample) -> None:
        client, request = Client(port), next(mine)
        while time.perf_counter() < until:
            client.send(request, sample)
        client.close()

    return _together(work, len(requests))


def open_loop(
    port: int, requests: Sequence[Request], *, per_second: float, seconds: float, connections: int = 16
) -> Sample:
    """Send the requests in turn, at a fixed rate whatever the answers take; a late start is waiting time."""
    began = time.perf_counter()
    turns = iter(range(int(per_second * seconds)))
    lock = threading.Lock()

    def work(sample: Sample) -> None:
        client = Client(port)
        while True:
            with lock:
                turn = next(turns, None)
            if turn is None:
                return client.close()
            _wait_until(began + turn / per_second)
            due = began + turn / per_second
            client.send(requests[turn % len(requests)], sample)
            sample.seconds[-1] = time.perf_counter() - due

    return _together(work, connections)


def one_by_one(port: int, request: Request, *, times: int) -> Sample:
    """Send one request after the other on one connection."""
    sample, client = Sample(), Client(port)
    began = time.perf_counter()
    for _ in range(times):
        client.send(request, sample)
    sample.elapsed = time.perf_counter() - began
    client.close()
    return sample


def enquiry_form(*, urgent: bool) -> Callable[[], str]:
    """Return a maker of form bodies: each one a new caller."""
    happening = ["chest_pain"] if urgent else []

    def make() -> str:
        number = uuid4().int % 10**8
        return urlencode(
            {
                "enquirer": "self",
                "name": f"Example Caller {number}",
                "phone": f"07{number:09d}",
                "free_text": "I drink every day and I would like to talk to somebody about stopping.",
                "happening": happening,
                "safe_ways": ["call"],
                "suicide": "none_disclosed",
                "age_band": "18_64",
                "idempotency_key": str(uuid4()),
            },
            doseq=True,
        )

    return make


def _together(work: Callable[[Sample], None], connections: int) -> Sample:
    samples = [Sample() for _ in range(connections)]
    threads = [threading.Thread(target=work, args=(sample,)) for sample in samples]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = Sample(elapsed=time.perf_counter() - began)
    for sample in samples:
        whole.seconds += sample.seconds
        whole.wrong += sample.wrong
    return whole


def _wait_until(moment: float) -> None:
    if (left := moment - time.perf_counter()) > 0:
        time.sleep(left)
