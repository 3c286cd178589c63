"""What every test stands on: real servers of the run's own, and the personas of tests/personas.py."""

import signal
from collections.abc import Iterator

import pytest

from config.catalogues.building import build_catalogues
from tests.servers import announce

SERVERS = announce()  # before anything reads Django's settings
build_catalogues()  # before anything is translated

import django  # noqa: E402
import redis  # noqa: E402
from django.conf import settings  # noqa: E402

django.setup()  # personas and factories import models

from intake.remembered import forget  # noqa: E402

pytest_plugins = ["tests.personas", "tests.clock", "tests.examples", "tests.faults.figures", "tests.sharing"]


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    if SERVERS:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # stop the servers then, too
        SERVERS.start()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    if SERVERS:
        SERVERS.stop()


@pytest.fixture(autouse=True)
def _forget() -> None:
    """Begin as a new process does: nothing has been read from the database yet."""
    forget()


@pytest.fixture
def broker() -> Iterator["redis.Redis[bytes]"]:
    """The test worker's own broker database, empty before and after."""
    with redis.Redis.from_url(settings.CELERY_BROKER_URL) as client:
        client.flushdb()
        yield client
        client.flushdb()
