"""manage.py standby_worker: run pressing jobs straight from the table. The dispatcher starts it."""

import select
import signal
import sys
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, connection

from jobs.kinds import kind_named
from jobs.services.running import run_job
from jobs.services.standby import next_pressing

PAUSE = 0.25  # seconds
GRACE = 15  # seconds that a job may outlive its lease before the process ends


class Command(BaseCommand):
    requires_system_checks = ()  # it has no views: it starts sooner and stays smaller
    help = "Run pressing jobs without a broker until standard input closes. Started by the dispatcher."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--late-by", type=float, default=0, help="only jobs due for at least so many seconds"
        )

    def handle(self, *_: Any, late_by: float, **__: Any) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # the dispatcher ends it, after its present job
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        while not _hung_up():
            while _run_next(timedelta(seconds=late_by)) and not _hung_up(0):
                pass


def _run_next(late_by: timedelta) -> bool:
    try:
        found = next_pressing(late_by=late_by)
    except (OperationalError, InterfaceError):
        connection.close()
        return False
    if found is None:
        return False
    kind = kind_named(found[1])
    signal.alarm(kind.lease + GRACE)
    run_job(job=found[0], kind=kind)
    signal.alarm(0)
    return True


def _hung_up(pause: float = PAUSE) -> bool:
    """Wait for `pause` seconds; return whether the dispatcher has closed the pipe, or died."""
    return bool(select.select([sys.stdin], [], [], pause)[0])
