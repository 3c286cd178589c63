"""TLS connections that end in time and to the addresses that were checked."""

import os
import socket
import ssl
from functools import cache
from typing import Any

from notifications.channels.deadline import Deadline
from notifications.channels.reach import Address

LARGEST_ANSWER = 64_000  # bytes of a body that are read
LARGEST_READ = 2 * LARGEST_ANSWER  # with its headers


class TlsInTime(ssl.SSLSocket):
    """A TLS socket whose every read and write has only the time that is left, and that reads only so much.

    The time-outs of sockets are for each single read: a server that drips bytes would hold a worker.
    """

    deadline: Deadline
    still_read: int

    def recv_into(self, buffer: Any, nbytes: int | None = None, flags: int = 0) -> int:
        if self.still_read <= 0:
            raise OSError("The answer is too large.")
        self.settimeout(self.deadline.left())
        count = super().recv_into(buffer, nbytes, flags)
        self.still_read -= count
        return count

    def send(self, data: Any, flags: int = 0) -> int:
        self.settimeout(self.deadline.left())
        return super().send(data, flags)


def connect_tls(*, host: str, port: int, addresses: list[Address], deadline: Deadline) -> TlsInTime:
    """Connect to one of the addresses and see that it is `host` by its certificate. Raises OSError."""
    plain = _connect(addresses, port, deadline)
    try:
        plain.settimeout(deadline.left())  # the handshake counts as one operation
        context = _context(os.environ.get("SSL_CERT_FILE", ""))
        secure: Any = context.wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise
    secure.deadline, secure.still_read = deadline, LARGEST_READ
    found: TlsInTime = secure  # the context makes sockets of its sslsocket_class
    return found


def _connect(addresses: list[Address], port: int, deadline: Deadline) -> socket.socket:
    """Try one address after the other, each with a fair share of the time."""
    for position, address in enumerate(addresses, 1 - len(addresses)):
        try:
            return socket.create_connection((str(address), port), deadline.left() / (1 - position))
        except OSError:
            if position == 0:
                raise
    raise OSError("The host has no address.")


@cache
def _context(ca_file: str) -> ssl.SSLContext:
    """Return the usual, verifying context; one for each SSL_CERT_FILE, which OpenSSL reads by itself."""
    context = ssl.create_default_context()
    context.sslsocket_class = TlsInTime
    return context
