"""What a job's body may raise, and which errors are nobody's fault."""

import socket
from datetime import datetime

from django.db import InterfaceError, OperationalError
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

# The database, the broker or DNS failed, not the job: such an attempt is not counted.
INFRASTRUCTURE_ERRORS: tuple[type[Exception], ...] = (
    OperationalError,
    InterfaceError,
    BrokerError,
    RedisConnectionError,
    RedisTimeoutError,
    ConnectionError,
    socket.gaierror,
)


class Postpone(Exception):
    """Raised by a body to be run again at `until`. Not a failure: the attempt is not counted."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class LeaseLost(Exception):
    """Another process holds the job by now: what this one did must not count."""


class UnknownKind(LookupError):
    """No durable task of this name in this process."""
