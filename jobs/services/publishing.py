"""The broker's end of the dispatcher: job ids go out, queue lengths come back, always from a thread.

A stopped broker answers with an error, a frozen one not at all. Neither may hold up the dispatcher, so it
waits `PATIENCE` seconds for an exchange and then goes on without it.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NoAnswer
from dataclasses import dataclass
from uuid import UUID

from celery import current_app
from kombu import Connection, Producer
from kombu.transport.virtual import Channel

from jobs.enums import JobQueue

PATIENCE = 2.0
SOCKET_TIMEOUT = 3

QueueLengths = dict[str, int]


@dataclass(frozen=True)
class Nudge:
    """What the broker is told of a job: its id, by its kind's name, on its queue."""

    job: UUID
    kind: str
    queue: str


class BrokerUnavailable(Exception):
    """The broker refused, or has not answered in time."""


class Publisher:
    """One connection to the broker in one thread. Not safe for use by several callers."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="publisher")
        self._pending: Future[QueueLengths] | None = None
        self._connection: Connection | None = None

    def exchange(self, nudges: Sequence[Nudge]) -> QueueLengths:
        """Publish the nudges and return the length of every queue. Raises BrokerUnavailable.

        After a time-out some of the nudges may still go out: duplicates do no harm.
        """
        if self._pending and not self._pending.done():
            raise BrokerUnavailable("the exchange before is still waiting for an answer")
        self._pending = self._thread.submit(self._guarded, self._exchange, nudges)
        try:
            return self._pending.result(timeout=PATIENCE)
        except NoAnswer:
            raise BrokerUnavailable(f"no answer in {PATIENCE} seconds") from None

    def close(self) -> None:
        """Close the connection; a thread that waits for a frozen broker ends with its socket's time-out."""
        self._thread.submit(self._disconnect)
        self._thread.shutdown(wait=True)

    def _guarded(
        self, work: Callable[[Sequence[Nudge]], QueueLengths], nudges: Sequence[Nudge]
    ) -> QueueLengths:
        try:
            return work(nudges)
        except Exception as error:  # whatever a client library makes of a broken broker
            self._disconnect()
            raise BrokerUnavailable(type(error).__name__) from error

    def _exchange(self, nudges: Sequence[Nudge]) -> QueueLengths:
        channel = self._channel()
        producer = Producer(channel)
        for nudge in nudges:
            current_app.send_task(nudge.kind, args=(str(nudge.job),), queue=nudge.queue, producer=producer)
        return {queue: channel.queue_declare(queue).message_count for queue in JobQueue.values}

    def _channel(self) -> Channel:
        if self._connection is None:
            options = current_app.conf.broker_transport_options | {"socket_timeout": SOCKET_TIMEOUT}
            self._connection = current_app.connection_for_write(transport_options=options)
            self._opened = self._connection.channel()
        return self._opened

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.collect(socket_timeout=0.1)
