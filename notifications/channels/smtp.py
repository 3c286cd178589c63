"""An SMTP client whose whole conversation ends in time.

The standard library's time-out is for each read: a server that drips bytes would hold a worker for ever.
"""

import io
import smtplib
import ssl
from typing import Any

from notifications.channels.deadline import Deadline

SEND_IT = 354  # the server wants the message now: from here on it may have taken it
GREETING = 5.0  # seconds to connect and be greeted: a server that says nothing must not hold up what waits


class BoundedSmtp(smtplib.SMTP):
    """SMTP that raises SMTPServerDisconnected or TimeoutError after `seconds`; sooner if not greeted."""

    may_have_taken_it = False

    def __init__(self, host: str, port: int, *, hello: str, seconds: float) -> None:
        whole, greeting = Deadline(seconds), min(seconds, GREETING)
        self.deadline = Deadline(greeting)
        self._open(host, port, local_hostname=hello, timeout=greeting)
        self.deadline = whole

    def _open(self, host: str, port: int, **how: Any) -> None:
        smtplib.SMTP.__init__(self, host, port, **how)

    def send(self, s: Any) -> None:
        if self.sock:
            self.sock.settimeout(self.deadline.left())
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None:
            self.file = io.BufferedReader(_Replies(self))
        try:
            code, text = super().getreply()
        except smtplib.SMTPServerDisconnected:
            if self.deadline.is_over:
                raise TimeoutError from None
            raise
        self.may_have_taken_it = self.may_have_taken_it or code == SEND_IT
        return code, text


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
        sock.settimeout(self._client.deadline.left())
        return sock.recv_into(buffer)
