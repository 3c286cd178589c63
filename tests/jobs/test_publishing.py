"""The broker stops, freezes and comes back: a private Valkey that these tests may break."""

import os
import signal
import time

import pytest
from celery import current_app

from jobs.ids import uuid7
from jobs.services import publishing
from jobs.services.publishing import BrokerUnavailable, Nudge, Publisher
from tests.jobs.bodies import QUICK

PATIENCE, SOCKET_TIMEOUT = 2, 10  # seconds


@pytest.fixture
def publisher(private_broker, monkeypatch):
    if not private_broker.is_alive():
        private_broker.start()
    monkeypatch.setattr(publishing, "PATIENCE", PATIENCE)
    monkeypatch.setattr(publishing, "SOCKET_TIMEOUT", SOCKET_TIMEOUT)
    monkeypatch.setattr(current_app.conf, "broker_write_url", private_broker.server.url)
    publisher = Publisher()
    yield publisher
    publisher.close()


def nudges(count):
    return [Nudge((uuid7(),), QUICK, "routine") for _ in range(count)]


def seconds_of(work):
    started = time.monotonic()
    with pytest.raises(BrokerUnavailable):
        work()
    return time.monotonic() - started


def exchange_until_back(publisher):
    deadline = time.monotonic() + 60
    while True:
        try:
            return publisher.exchange([])
        except BrokerUnavailable:
            assert time.monotonic() < deadline, "the publisher never found its broker again"
            time.sleep(0.1)


def test_an_exchange_brings_the_lengths_of_all_queues(publisher):
    before = publisher.exchange([])
    after = publisher.exchange(nudges(3))
    assert set(after) == {"urgent", "alerts", "placing", "outbound", "routine", "reports"}
    assert after["routine"] - before["routine"] == 3


def test_a_stopped_broker_is_told_at_once_and_found_again(publisher, private_broker):
    publisher.exchange([])
    private_broker.stop(signal.SIGKILL)
    assert seconds_of(lambda: publisher.exchange(nudges(1))) < 2 * PATIENCE
    private_broker.start()
    assert exchange_until_back(publisher)["routine"] == 0


def test_a_broker_that_was_never_there(publisher, private_broker):
    private_broker.stop(signal.SIGKILL)
    assert seconds_of(lambda: publisher.exchange(nudges(1))) < 2 * PATIENCE
    private_broker.start()
    exchange_until_back(publisher)


def test_a_frozen_broker_holds_up_nobody(publisher, private_broker):
    publisher.exchange([])
    os.kill(private_broker.pid, signal.SIGSTOP)
    try:
        assert seconds_of(lambda: publisher.exchange(nudges(1))) < SOCKET_TIMEOUT
        assert seconds_of(lambda: publisher.exchange([])) < PATIENCE / 2, "no second wait for the same answer"
    finally:
        os.kill(private_broker.pid, signal.SIGCONT)
    exchange_until_back(publisher)


def test_closing_waits_for_no_frozen_broker(publisher, private_broker):
    publisher.exchange([])
    os.kill(private_broker.pid, signal.SIGSTOP)
    try:
        with pytest.raises(BrokerUnavailable):
            publisher.exchange(nudges(1))
        started = time.monotonic()
        publisher.close()
        assert time.monotonic() - started < SOCKET_TIMEOUT / 2
    finally:
        os.kill(private_broker.pid, signal.SIGCONT)


def test_a_thousand_nudges_are_published_in_batches(publisher):
    for _ in range(5):
        publishing_lengths = publisher.exchange(nudges(200))
    assert publishing_lengths["routine"] >= 1000
