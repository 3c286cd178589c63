"""Free ports on loopback."""

import secrets
import socket
from collections.abc import Iterable

# Below the range that systems hand out to outgoing connections: a client that keeps trying a closed port
# in that range can end up connected to itself, and would then hold the port of a server that restarts.
RANGE = range(20_000, 32_000)


def free_port(*, preferred: int | None = None) -> int:
    """Return `preferred` when nothing listens there, else a random free port of RANGE."""
    wanted: Iterable[int] = [preferred] if preferred else []
    for port in (*wanted, *(secrets.choice(RANGE) for _ in range(200))):
        if is_free(port):
            return port
    raise OSError("No free port between 20000 and 32000 on 127.0.0.1.")


def is_free(port: int) -> bool:
    """Tell whether a server could listen on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
