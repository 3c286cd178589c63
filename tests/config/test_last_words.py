"""What a worker says when it stops: see also tests/jobs/test_processes.py."""

import io
import json
import logging
import warnings
from collections.abc import Iterator

import pytest
from celery.exceptions import CPendingDeprecationWarning
from celery.utils.log import get_multiprocessing_logger
from celery.worker.consumer.consumer import CANCEL_TASKS_BY_DEFAULT
from structlog.stdlib import ProcessorFormatter

from config.last_words import LastWords, log_as_ours, say_unless_stopping
from config.logging import FORMATTER


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Catch what our log writes."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    ours = {key: value for key, value in FORMATTER.items() if key != "()"}
    handler.setFormatter(ProcessorFormatter(**ours))
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def test_what_ends_a_child_while_it_stops_is_one_line_of_our_log(log: io.StringIO) -> None:
    past_our_log, children = io.StringIO(), get_multiprocessing_logger()
    children.addHandler(logging.StreamHandler(past_our_log))
    log_as_ours()
    try:
        raise TimeoutError("words of somebody")
    except TimeoutError as error:
        children.error("Pool process %r error: %r", "child", error, exc_info=True)
    assert past_our_log.getvalue() == ""
    (line,) = log.getvalue().splitlines()
    assert "TimeoutError" in line
    assert "Traceback" not in line
    assert "words of somebody" not in line
    assert json.loads(line)["event"] == "worker_child_failed"


def test_what_celery_says_of_stopping_is_left_out_and_nothing_else(capfd: pytest.CaptureFixture[str]) -> None:
    say_unless_stopping("worker: Hitting Ctrl+C again will terminate all running tasks!")
    assert capfd.readouterr().err == ""
    with open(2, "w", closefd=False) as stream:
        say_unless_stopping("the stacks of all threads", stream)
    assert "the stacks of all threads" in capfd.readouterr().err


def test_one_warning_is_hidden_and_no_other() -> None:
    with warnings.catch_warnings(record=True) as heard:
        warnings.filterwarnings("always", category=CPendingDeprecationWarning)
        LastWords(None).start(None)
        warnings.warn(CANCEL_TASKS_BY_DEFAULT, CPendingDeprecationWarning, stacklevel=1)
        warnings.warn("something else", CPendingDeprecationWarning, stacklevel=1)
    assert [str(each.message) for each in heard] == ["something else"]
