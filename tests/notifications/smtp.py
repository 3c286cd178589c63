"""A real SMTP server on loopback that misbehaves as told, one word a connection.

In a test: `with FakeSmtp() as server: server.then("451", "accept")`. As a process, for a whole stack:

    python -m tests.notifications.smtp --port 0 --folder DIR

prints `{"port": …}`, appends each message that it took to DIR/received.jsonl, and does what the file
DIR/behaviour says at that moment (no file: accept).
"""

# ruff: noqa: N802 (aiosmtpd wants its hooks named after the commands)

import argparse
import asyncio
import json
import logging
import signal
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as policy
from pathlib import Path
from typing import Any, Self

from aiosmtpd.smtp import SMTP, Envelope, Session

BEHAVIOURS = """
accept       take the message
451          answer the message with that reply (any code)
rcpt 550     answer the recipient with that reply
mail 530     answer the sender with that reply
ehlo 554     answer the greeting with that reply
silent       take the connection and say nothing for 30 seconds
hang         take the message and answer after 30 seconds
drip         answer one byte at a time, for ever
hangup       hang up without taking the message
lost         take the message, then hang up without a word: the sender cannot know
quit         take the message, say so, then hang up
"""
HANG = 30.0  # seconds

logging.getLogger("mail.log").setLevel(logging.WARNING)  # a mail server's log names people; ours must not


@dataclass(frozen=True)
class Received:
    """One message that the server took, at that time of this machine's clock."""

    to: str
    sender: str
    subject: str
    text: str
    message_id: str
    at: float
    head: str = ""  # its header as it came, byte for byte


class FakeSmtp:
    """The server. `behaviour` gives the word for each connection; without it, `then` does.

    Each message goes to `on_received`, in a thread of its own. `tls` speaks TLS from the first byte; the
    other options are those of aiosmtpd's SMTP.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        behaviour: Callable[[], str] | None = None,
        tls: ssl.SSLContext | None = None,
        **options: Any,
    ) -> None:
        self.port = port
        self._tls = tls
        self.received: list[Received] = []
        self.connections = 0
        self.on_received: Callable[[Received], None] = self.received.append
        self._script = deque(["accept"])
        self._behaviour = behaviour or self._next_word
        self._options = options
        self._open: list[SMTP] = []
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    @property
    def environment(self) -> dict[str, str]:
        """Return with what a process of the product sends here."""
        return {"EMAIL_CHANNEL": "smtp", "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(self.port)}

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(60), "The SMTP server did not start."
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def then(self, *words: str) -> None:
        """Behave so from now on: a word for each connection, the last one for all that follow."""
        self._script = deque(words)

    def _next_word(self) -> str:
        return self._script.popleft() if len(self._script) > 1 else self._script[0]

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await self._loop.create_server(self._conversation, "127.0.0.1", self.port, ssl=self._tls)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for smtp in self._open:
            transport: Any = smtp.transport
            if transport:
                transport.abort()
        await asyncio.sleep(0.01)  # for the connections to notice

    def _conversation(self) -> SMTP:
        self.connections += 1
        handler = _Handler(word=self._behaviour(), deliver=self.on_received)
        self._open.append(_Smtp(handler, hostname="fake.example", **self._options))
        return self._open[-1]


class _Smtp(SMTP):
    """The protocol, which may keep its mouth shut at first."""

    async def _handle_client(self) -> None:
        if self.event_handler.word == "silent":
            await asyncio.sleep(HANG)
        await super()._handle_client()


class _Handler:
    """Plays one word in one conversation."""

    def __init__(self, *, word: str, deliver: Callable[[Received], None]) -> None:
        self.word = word
        self._deliver = deliver

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        refusal = self._refusal("ehlo")
        return [refusal] if refusal else responses

    async def handle_HELO(self, server: SMTP, session: Session, envelope: Envelope, hostname: str) -> str:
        session.host_name = hostname
        return self._refusal("ehlo") or "250 fake.example"

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self._refusal("mail") or "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self._refusal("rcpt", address) or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.word.isdigit():
            return f"{self.word} no mail for {envelope.rcpt_tos[0]}"
        if self.word != "hangup":
            await asyncio.to_thread(self._deliver, _received(envelope))
        await self._misbehave(server)
        return "250 OK"

    def _refusal(self, step: str, about: str = "") -> str:
        at, _, code = self.word.partition(" ")
        return f"{code} not now {about}" if at == step else ""

    async def _misbehave(self, server: SMTP) -> None:
        """Do to the connection what the word says; the answer 250 comes after it, if it still can."""
        transport: Any = server.transport
        if self.word in {"lost", "hangup"}:
            transport.abort()
        elif self.word == "quit":
            asyncio.get_running_loop().call_later(0, transport.close)
        elif self.word == "hang":
            await asyncio.sleep(HANG)
        while self.word == "drip" and not transport.is_closing():
            transport.write(b"2")
            await asyncio.sleep(0.05)


def _received(envelope: Envelope) -> Received:
    mime = message_from_bytes(envelope.original_content or b"", _class=EmailMessage, policy=policy)
    plain = mime.get_body(("plain",)) or mime
    return Received(
        to=",".join(envelope.rcpt_tos),
        sender=envelope.mail_from or "",
        subject=str(mime["Subject"]),
        text=plain.get_content(),
        message_id=str(mime["Message-ID"]),
        at=time.time(),
        head=(envelope.original_content or b"").partition(b"\r\n\r\n")[0].decode("ascii"),
    )


def main() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser(
        description="A scripted SMTP server.",
        epilog=BEHAVIOURS,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    server = FakeSmtp(port=options.port, behaviour=lambda: _word_in(options.folder / "behaviour"))
    server.on_received = lambda message: _append(options.folder / "received.jsonl", message)
    with server:
        print(json.dumps({"port": server.port}), flush=True)
        signal.sigwait({signal.SIGTERM, signal.SIGINT})


def _word_in(path: Path) -> str:
    return path.read_text(encoding="ascii").strip() if path.exists() else "accept"


def _append(path: Path, message: Received) -> None:
    """Write it in one piece: messages come at the same moment, and others read meanwhile."""
    with path.open("ab", buffering=0) as file:
        file.write(json.dumps(asdict(message)).encode() + b"\n")


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})  # for sigwait, in every thread
    main()
