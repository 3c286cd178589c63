"""An SMTP client whose whole conversation ends in time.

The standard library's time-out is for each read: a server that drips bytes would hold a worker for ever.
"""

import io
import smtplib
import ssl
import time
from typing import Any


class BoundedSmtp(smtplib.SMTP):
    """SMTP that raises SMTPServerDisconnected or TimeoutError once `seconds` are over."""

    def __init__(self, host: str, port: int, *, hello: str, seconds: float) -> None:
        self._ends_at = time.monotonic() + seconds
        self._open(host, port, local_hostname=hello, timeout=seconds)

    def seconds_left(self) -> float:
        """Return the time left for the rest of the conversation. Raises TimeoutError when there is none."""
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def _open(self, host: str, port: int, **how: Any) -> None:
        smtplib.SMTP.__init__(self, host, port, **how)

    def send(self, s: Any) -> None:
        if self.sock:
            self.sock.settimeout(self.seconds_left())
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None:
            self.file = io.BufferedReader(_Replies(self))
        return super().getreply()


class BoundedSmtps(BoundedSmtp, smtplib.SMTP_SSL):
    """The same over TLS from the first byte (RFC 8314)."""

    def _open(self, host: str, port: int, **how: Any) -> None:
        smtplib.SMTP_SSL.__init__(self, host, port, context=ssl.create_default_context(), **how)


class _Replies(io.RawIOBase):
    """What the server says, each read given only the time that is left."""

    def __init__(self, client: BoundedSmtp) -> None:
        self._client = client

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        sock = self._client.sock
        if sock is None:
            return 0
        sock.settimeout(self._client.seconds_left())
        return sock.recv_into(buffer)
