"""The transport that carries nudges survives the loss of its connection with messages under way."""

import redis
from kombu import Connection
from kombu.simple import SimpleQueue
from kombu.transport.virtual import Channel

from config.celery import app

UNDER_WAY = "threshold:unacked"


def _taken() -> tuple[Connection, Channel, str]:
    """Return a connection, its channel, and the tag of a message taken through it, not acknowledged."""
    connection = app.connection_for_read()
    queue = SimpleQueue(connection.default_channel, app.amqp.queues["routine"])
    queue.put({})
    return connection, queue.channel, queue.get(timeout=5).delivery_tag


def test_a_message_under_way_goes_back_while_the_connection_works(broker: "redis.Redis[bytes]") -> None:
    connection, channel, _ = _taken()
    assert broker.hlen(UNDER_WAY) == 1
    channel.qos.restore_unacked_once()
    assert (broker.hlen(UNDER_WAY), broker.llen("threshold:routine")) == (0, 1)
    connection.release()


def test_without_a_connection_it_stays_where_it_is_and_ends_nobody(broker: "redis.Redis[bytes]") -> None:
    connection, channel, _ = _taken()
    channel.connection.client = None  # as after a lost connection
    channel.qos.restore_unacked_once()
    assert (broker.hlen(UNDER_WAY), broker.llen("threshold:routine")) == (1, 0)
    connection.release()


def test_a_worker_takes_from_its_queues_in_the_order_of_its_command(broker: "redis.Redis[bytes]") -> None:
    """Alerts before other messages, however many of those wait: not in turns."""
    connection = app.connection_for_read()
    channel = connection.channel()
    queues = [app.amqp.queues[name] for name in ("alerts", "outbound")]
    for queue in queues:
        for _ in range(3):
            connection.Producer(channel).publish({"to": queue.name}, routing_key=queue.name, declare=[queue])
    taken: list[str] = []
    with connection.Consumer(queues, callbacks=[lambda said, _: taken.append(said["to"])], no_ack=True):
        while len(taken) < 6:
            connection.drain_events(timeout=5)
    assert taken == ["alerts"] * 3 + ["outbound"] * 3
    connection.release()


def test_an_acknowledgement_without_a_connection_makes_room_and_ends_nobody(
    broker: "redis.Redis[bytes]",
) -> None:
    connection, channel, tag = _taken()
    channel.qos.prefetch_count = 1
    assert not channel.qos.can_consume()
    channel.connection.client, channel.closed = None, True
    channel.basic_ack(tag)
    assert channel.qos.can_consume()
    assert broker.hlen(UNDER_WAY) == 1
    connection.release()
