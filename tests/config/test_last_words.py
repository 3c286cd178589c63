"""What a worker says when it stops: see also tests/jobs/test_processes.py."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from celery.utils.log import get_multiprocessing_logger
from structlog.stdlib import ProcessorFormatter

from config.last_words import log_as_ours
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
