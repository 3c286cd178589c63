"""The transport that carries nudges survives the loss of its connection with messages under way."""

import redis
from kombu import Connection
from kombu.simple import SimpleQueue
from kombu.transport.virtual import Channel

from config.celery import app

UNDER_WAY = "threshold:unacked"


def _taken() -> tuple[Connection, Channel]:
    """Return a connection and its channel, which has taken a message and not acknowledged it."""
    connection = app.connection_for_read()
    queue = SimpleQueue(connection.default_channel, app.amqp.queues["routine"])
    queue.put({})
    queue.get(timeout=5)
    return connection, queue.channel


def test_a_message_under_way_goes_back_while_the_connection_works(broker: "redis.Redis[bytes]") -> None:
    connection, channel = _taken()
    assert broker.hlen(UNDER_WAY) == 1
    channel.qos.restore_unacked_once()
    assert (broker.hlen(UNDER_WAY), broker.llen("threshold:routine")) == (0, 1)
    connection.release()


def test_without_a_connection_it_stays_where_it_is_and_ends_nobody(broker: "redis.Redis[bytes]") -> None:
    connection, channel = _taken()
    channel.connection.client = None  # as after a lost connection
    channel.qos.restore_unacked_once()
    assert (broker.hlen(UNDER_WAY), broker.llen("threshold:routine")) == (1, 0)
    connection.release()
