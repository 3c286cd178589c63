"""Kombu's transport for Redis, without the two flaws that would stop a worker for good.

One: when the acknowledgement of a task times out (Redis was frozen), kombu goes on counting the message as
under way. A worker with one child and a prefetch of one then never asks for work again (kombu 5.7.0: `worker`
took nothing for as long as we watched, with "Couldn't ack" as its last words). Here such a message no longer
counts. It stays in Redis' list of unacknowledged ones, comes back after the visibility time-out, and finds
that its job is done.

Two: when the connection is gone (Redis restarted), kombu 5.7.0 still acknowledges through it, or puts back
what is under way, and that ends the worker ("Unrecoverable error: 'NoneType' object has no attribute
'client'"). Here such messages stay where they are and come back in the same way.
"""

from contextlib import suppress
from typing import Any

from kombu.transport import redis


class QoS(redis.QoS):
    """What is under way. An acknowledgement that Redis did not hear still makes room for the next message."""

    def ack(self, delivery_tag: str) -> None:
        try:
            if self._is_connected:
                super().ack(delivery_tag)
        finally:
            self._quick_ack(delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        try:
            if self._is_connected:
                super().reject(delivery_tag, requeue=requeue)
        finally:
            self._quick_ack(delivery_tag)

    def restore_unacked(self, client: Any = None) -> None:
        if self._is_connected:
            with suppress(*self.channel.connection_errors):
                super().restore_unacked(client)
        self._delivered.clear()

    @property
    def _is_connected(self) -> bool:
        connection = self.channel.connection
        return bool(connection and connection.client)


class Channel(redis.Channel):
    QoS = QoS


class Transport(redis.Transport):
    Channel = Channel
