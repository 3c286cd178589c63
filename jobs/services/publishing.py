"""The broker's end of the dispatcher: job ids go out, queue lengths come back, always from a thread.

A stopped broker answers with an error, a frozen one not at all. Neither may hold up the dispatcher, so it
waits a few seconds for an exchange and then goes on without it.
"""

from collections.abc import Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NoAnswer
from dataclasses import dataclass
from threading import Thread
from uuid import UUID

from celery import current_app
from kombu import Connection, Producer
from kombu.transport.virtual import Channel

from jobs.enums import JobQueue

PATIENCE, PATIENCE_PER_NUDGE = 2.0, 0.005  # seconds; a nudge takes a tenth of that on an idle machine
SOCKET_TIMEOUT = 3

QueueLengths = dict[str, int]


@dataclass(frozen=True)
class Nudge:
    """What the broker is told in one message: the ids of jobs of one kind, on its queue."""

    jobs: tuple[UUID, ...]
    kind: str
    queue: str


class BrokerUnavailable(Exception):
    """The broker refused, or has not answered in time."""


class Publisher:
    """One connection to the broker, used by one thread at a time. Not safe for several callers."""

    def __init__(self) -> None:
        self._pending: Future[QueueLengths] | None = None
        self._connection: Connection | None = None

    def exchange(self, nudges: Sequence[Nudge]) -> QueueLengths:
        """Publish the nudges and return the length of every queue. Raises BrokerUnavailable.

        After a time-out some of the nudges may still go out: duplicates do no harm.
        """
        if self._is_waiting():
            raise BrokerUnavailable("the exchange before is still waiting for an answer")
        self._pending = Future()
        Thread(target=self._answer, args=(self._pending, nudges), daemon=True).start()
        try:
            return self._pending.result(timeout=PATIENCE + PATIENCE_PER_NUDGE * len(nudges))
        except NoAnswer:
            raise BrokerUnavailable("no answer in time") from None

    def close(self) -> None:
        """Close the connection; a thread that waits for a frozen broker is left behind and ends with us."""
        if not self._is_waiting():
            self._disconnect()

    def _is_waiting(self) -> bool:
        return self._pending is not None and not self._pending.done()

    def _answer(self, pending: "Future[QueueLengths]", nudges: Sequence[Nudge]) -> None:
        try:
            pending.set_result(self._exchange(nudges))
        except Exception as error:  # noqa: BLE001  whatever a client library makes of a broken broker
            self._disconnect()
            pending.set_exception(BrokerUnavailable(type(error).__name__))

    def _exchange(self, nudges: Sequence[Nudge]) -> QueueLengths:
        channel = self._channel()
        producer = Producer(channel)
        for nudge in nudges:
            ids = tuple(str(job) for job in nudge.jobs)
            current_app.send_task(nudge.kind, args=ids, queue=nudge.queue, producer=producer)
        return _lengths(channel)

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


def _lengths(channel: Channel) -> QueueLengths:
    """Ask for the lengths of all queues in one round trip: kombu's own way takes three a queue."""
    with channel.conn_or_acquire() as client:
        pipeline = client.pipeline()
        for queue in JobQueue.values:
            pipeline.llen(queue)
        return dict(zip(JobQueue.values, pipeline.execute(), strict=True))
