"""Kombu's transport for Redis, without the two flaws that would stop a worker for good.

One: when the acknowledgement of a task times out (Redis was frozen), kombu goes on counting the message as under
way. A worker with one child and a prefetch of one then never asks for work again. Measured with kombu 5.7.0:
`worker` took nothing for as long as we watched, with "Couldn't ack" as its last words. Here such a message no
longer counts. It stays in Redis' list of unacknowledged ones, comes back after the visibility time-out, and
finds that its job is done.

Two: when the connection is gone (Redis restarted), kombu 5.7.0 wants to put the messages under way back
through it, which ends the worker ("Unrecoverable error: 'NoneType' object has no attribute 'hostname'"). Here
they stay where they are and come back in the same way.
"""

from contextlib import suppress
from typing import Any

from kombu.transport import redis


class QoS(redis.QoS):
    """What is under way. An acknowledgement that Redis did not hear still makes room for the next message."""

    def ack(self, delivery_tag: str) -> None:
        try:
            super().ack(delivery_tag)
        finally:
            self._quick_ack(delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        try:
            super().reject(delivery_tag, requeue=requeue)
        finally:
            self._quick_ack(delivery_tag)

    def restore_unacked(self, client: Any = None) -> None:
        connection = self.channel.connection
        if connection and connection.client:
            with suppress(*self.channel.connection_errors):
                super().restore_unacked(client)
        self._delivered.clear()


class Channel(redis.Channel):
    QoS = QoS


class Transport(redis.Transport):
    Channel = Channel
