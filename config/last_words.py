"""What a worker says when it is told to stop: one line, and none of Celery's, which ask for Ctrl-C again."""

import warnings
from typing import Any

import structlog
from celery import Celery, bootsteps
from celery.apps import worker as program
from celery.exceptions import CPendingDeprecationWarning
from celery.signals import after_setup_logger
from celery.utils.log import get_multiprocessing_logger

log = structlog.get_logger(__name__)
celery_says = program.safe_say


class LastWords(bootsteps.StartStopStep):
    """Says that the worker has stopped. What was cut off runs again when its lease is over."""

    requires = ("celery.worker.components:Pool",)

    def start(self, parent: Any) -> None:
        """Hide one warning; here, since Celery's own filters, set up before, would come first.

        That we let jobs go on when the broker is lost is meant: the fence makes it right (docs/adr/0002).
        """
        warnings.filterwarnings(
            "ignore", message=r"\s*In Celery 5\.1 we introduced", category=CPendingDeprecationWarning
        )

    def stop(self, parent: Any) -> None:
        log.info("worker_stopped", worker=parent.hostname)

    terminate = stop


def use_own_words(app: Celery) -> None:
    """Have the workers of the app speak so. Called in the worker only."""
    app.steps["worker"].add(LastWords)
    program.safe_say = say_unless_stopping
    after_setup_logger.connect(log_as_ours, weak=False)


def log_as_ours(**_: Any) -> None:
    """Send what the pool of children reports through our log: a line with its class, no traceback."""
    children = get_multiprocessing_logger()
    children.handlers, children.propagate = [], True


def say_unless_stopping(message: str, *stream: Any) -> None:
    """Leave out what Celery writes past the log while it stops; stacks (SIGUSR1) are written as ever."""
    if not message.startswith("worker: "):
        celery_says(message, *stream)
