"""A provider on loopback, over TLS, that answers each request as its test has said, and no request more.

    with Provider(tmp_path) as provider:
        provider.then("ok", Reply(429, headers={"Retry-After": "7"}), "hang")

A request beyond the script, one that the provider finds wrong, and an answer that was never asked for fail
the test when the provider leaves.
"""

import json
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from tests.notifications.certificates import server_context

BEHAVIOURS = """
ok          do what was asked and answer as the provider documents
hang        do what was asked, and never answer
lost        do what was asked, then hang up: the sender cannot know
hangup      hang up without doing anything
drip        do what was asked, then answer one byte at a time, for ever
drip-body   answer, but the body comes one byte at a time, for ever
half        answer, but hang up in the middle of the body
huge        answer with a body of a million bytes
huge-head   do what was asked, then send headers without end
garbage     do what was asked, then answer something that is not HTTP
"""
HANG = 30.0  # seconds, or until the test is over


@dataclass(frozen=True)
class Reply:
    status: int = 200
    said: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        if isinstance(self.said, bytes):
            return self.said
        return b"" if self.said is None else json.dumps(self.said).encode()


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


Answers = str | Reply | Callable[[Asked], str | Reply] | None  # the same to all, or by what is asked


class Provider:
    """The server. A kind of provider overrides `check`, `do` and `refusal`."""

    refusal = Reply(400)  # of a request that is wrong

    def __init__(self, folder: Path) -> None:
        self.asked: list[Asked] = []
        self.names: list[str | None] = []  # that clients asked for by SNI
        self.faults: list[str] = []
        self.over = threading.Event()
        self.ahead = 0.0  # seconds by which its clock is ahead of this machine's
        self.breaks_tls = False  # whether a new connection is answered with something that is not TLS
        self._script: deque[str | Reply] = deque()
        self._always: Answers = None
        context = server_context(folder)
        context.sni_callback = lambda _, name, __: self.names.append(name)
        self._server = _Server(self, context)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def then(self, *answers: str | Reply) -> None:
        """Answer so from now on, one answer for each request."""
        self._script.extend(answers)

    def now(self) -> float:
        """Return what time it is there."""
        return time.time() + self.ahead

    def always(self, answers: Answers) -> None:
        """Answer so whatever comes after the script, as often as it comes; None: nothing may come."""
        self._always = answers

    def check(self, asked: Asked) -> None:
        """Raise AssertionError for a request that the provider would not accept."""

    def do(self, asked: Asked) -> Reply:
        """Do what was asked and return the documented answer."""
        return Reply(200, {"ok": True})

    def next_answer(self, asked: Asked) -> str | Reply:
        self.asked.append(asked)
        if self._script:
            return self._script.popleft()
        if self._always is None:
            self.faults.append(f"unexpected: {asked.method} {asked.path}")
            return Reply(500)
        return self._always(asked) if callable(self._always) else self._always

    def checked(self, asked: Asked) -> Reply:
        """Return what `do` answers, or a refusal of a request that is wrong."""
        try:
            self.check(asked)
        except AssertionError as error:
            self.faults.append(f"wrong: {error}")
            return self.refusal
        try:
            return self.do(asked)
        except Exception as error:  # a fault of the test: it must not pass for one of the provider's
            self.faults.append(f"broken: {error!r}")
            raise

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.over.set()
        if self._thread.is_alive():
            self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self.stop()
        if kind is None:
            self.look_back()

    def look_back(self) -> None:
        """Fail for what was unexpected or wrong, and for an answer that was never asked for; begin anew."""
        faults, self.faults = self.faults, []
        left = list(self._script)
        self._script.clear()
        assert faults == []
        assert not left, f"never asked for: {left}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, provider: Provider, context: ssl.SSLContext) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.provider = provider
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def get_request(self) -> Any:
        connection, address = super().get_request()
        if self.provider.breaks_tls:
            socket.socket.sendall(connection, b"HTTP/1.1 400 Bad Request\r\n\r\n")  # unencrypted
            connection.close()
            raise ConnectionAbortedError
        return connection, address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients hang up on purpose here."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    connection: socket.socket
    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        provider = self.server.provider
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asked = Asked(self.command, self.path, dict(self.headers.items()), body)
        answer = provider.next_answer(asked)
        self.close_connection = True
        if isinstance(answer, Reply):
            return self._send(answer)
        if answer == "hangup":
            return self._hang_up()
        reply = provider.checked(asked)
        return self._misbehave(answer, reply)

    do_GET = do_POST = answer  # noqa: N815

    def _misbehave(self, word: str, reply: Reply) -> None:
        """Do to the connection what the word says, after what was asked has been done."""
        ways: dict[str, Callable[[], object]] = {
            "ok": lambda: self._send(reply),
            "hang": lambda: self.server.provider.over.wait(HANG),
            "lost": self._hang_up,
            "garbage": lambda: self.wfile.write(b"\x00\xff not HTTP at all\r\n\r\n"),
            "huge": lambda: self._send(Reply(reply.status, b"x" * 1_000_000, reply.headers)),
            "huge-head": lambda: self._pour(b"HTTP/1.1 200 OK\r\n", b"X-More: " + b"x" * 8000 + b"\r\n"),
            "half": lambda: self._send_part(reply),
            "drip": lambda: self._drip(b"H"),
            "drip-body": lambda: (self._send_head(reply, 1_000_000), self._drip(b"x")),
        }
        ways[word]()

    def _send_part(self, reply: Reply) -> None:
        self._send_head(reply, len(reply.body) + 100)
        self.wfile.write(reply.body[:3])

    def _send(self, reply: Reply) -> None:
        self._send_head(reply, len(reply.body))
        self.wfile.write(reply.body)

    def _send_head(self, reply: Reply, length: int) -> None:
        self.send_response_only(reply.status)
        usual = {"Content-Type": "application/json"} if isinstance(reply.said, dict) else {}
        for name, value in (usual | reply.headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def _drip(self, piece: bytes) -> None:
        while not self.server.provider.over.wait(0.03):
            self.wfile.write(piece)

    def _pour(self, start: bytes, piece: bytes) -> None:
        until = time.monotonic() + HANG
        self.wfile.write(start)
        while time.monotonic() < until and not self.server.provider.over.is_set():
            self.wfile.write(piece)

    def _hang_up(self) -> None:
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_: Any) -> None:
        """A server's log names addresses; ours must not."""
