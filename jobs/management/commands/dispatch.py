"""manage.py dispatch: publish due jobs until told to stop."""

import json
import signal
import threading
import time
from argparse import ArgumentParser
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, connection

from jobs.clock import database_now
from jobs.selectors import dispatch_status
from jobs.services.dispatch import BATCH, Dispatcher
from jobs.services.listening import Listener
from jobs.services.publishing import Publisher
from jobs.services.standby import StandbyWorkers

log = structlog.get_logger(__name__)

DATABASE_AWAY = (OperationalError, InterfaceError)


class Command(BaseCommand):
    requires_system_checks = ()  # it has no views: it starts sooner and stays smaller
    help = "Publish due jobs to the broker, twice a second and when one is enqueued. Any number may run."

    def add_arguments(self, parser: ArgumentParser) -> None:
        group = parser.add_mutually_exclusive_group()
        group.add_argument("--once", action="store_true", help="publish what is due, print JSON and end")
        group.add_argument(
            "--status", action="store_true", help="print the state of the queues as JSON and end"
        )

    def handle(self, *_: Any, once: bool, status: bool, **__: Any) -> None:
        if status:
            self.stdout.write(json.dumps(dispatch_status(at=database_now())))
            return
        dispatcher = Dispatcher(Publisher(), StandbyWorkers())
        try:
            self._publish_all(dispatcher) if once else _run(dispatcher)
        finally:
            dispatcher.close()

    def _publish_all(self, dispatcher: Dispatcher) -> None:
        while dispatcher.tick():
            pass
        self.stdout.write(json.dumps({"published": dispatcher.published, "broker": dispatcher.broker}))
        if dispatcher.broker == "lost":
            raise CommandError("The broker does not answer.")


class Outage:
    """Says once that the database is lost, and once that it is back."""

    def __init__(self) -> None:
        self._since: float | None = None

    def begin(self, error: Exception) -> None:
        if self._since is None:
            log.warning("database_lost", error_class=type(error).__name__)
            self._since = time.monotonic()

    def end(self) -> None:
        if self._since is not None:
            log.warning("database_back", after_seconds=round(time.monotonic() - self._since, 1))
            self._since = None


def _run(dispatcher: Dispatcher) -> None:
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    listener, outage = Listener(), Outage()
    log.info("dispatcher_started")
    while not stopping.is_set():
        _pass(dispatcher, listener, outage)
    log.info("dispatcher_stopped", published=dispatcher.published)


def _pass(dispatcher: Dispatcher, listener: Listener, outage: Outage) -> None:
    try:
        published = dispatcher.tick()
        outage.end()
        if published < BATCH:  # what came meanwhile wakes the listener at once
            listener.wait()
    except DATABASE_AWAY as error:
        outage.begin(error)
        connection.close()
        listener.pause()
