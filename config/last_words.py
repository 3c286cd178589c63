"""What a worker says when it is told to stop: one line, and none of Celery's, which ask for Ctrl-C again."""

import warnings
from typing import Any

import structlog
from celery import Celery, bootsteps
from celery.apps import worker as program
from celery.exceptions import CPendingDeprecationWarning
from celery.signals import after_setup_logger
from celery.utils.log import get_multiprocessing_logger
from celery.worker.state import active_requests

log = structlog.get_logger(__name__)


class LastWords(bootsteps.StartStopStep):
    """Says how many jobs were cut off: they run again, by another worker, when their lease is over."""

    requires = ("celery.worker.components:Pool",)

    def start(self, parent: Any) -> None:
        """Say nothing: Celery says when it is ready."""

    def stop(self, parent: Any) -> None:
        log.info("worker_stopped", worker=parent.hostname, cut_off=len(active_requests))

    terminate = stop


def use_own_words(app: Celery) -> None:
    """Have the workers of the app speak so. Called in the worker only."""
    app.steps["worker"].add(LastWords)
    program.safe_say = _say_nothing
    after_setup_logger.connect(log_as_ours, weak=False)
    # That we let jobs go on when the broker is lost is meant: the fence makes it right (docs/adr/0002).
    warnings.filterwarnings("ignore", category=CPendingDeprecationWarning)


def log_as_ours(**_: Any) -> None:
    """Send what the pool of children reports through our log: a line with its class, no traceback."""
    children = get_multiprocessing_logger()
    children.handlers, children.propagate = [], True


def _say_nothing(*_: object) -> None:
    """Stand in for what Celery writes past the log."""
