"""A broker that may be broken, and bodies that remember nothing from one test to the next."""

import secrets
import signal
from collections.abc import Iterator

import pytest

from config.servers.ports import free_port
from config.servers.running import RunningServer
from config.servers.valkey import Valkey
from tests.jobs import bodies


@pytest.fixture(scope="module")
def private_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A Valkey that tests may stop and freeze; whoever uses it starts it."""
    folder = tmp_path_factory.mktemp("broker")
    for parent in (folder, folder.parent, folder.parent.parent):
        parent.chmod(0o711)  # the server may run under an account of its own
    valkey = Valkey(folder=folder / "valkey", port=free_port(), password=secrets.token_hex(8), durable=False)
    running = RunningServer(valkey, log=folder / "log")
    yield running
    running.stop(signal.SIGKILL)


@pytest.fixture(autouse=True)
def _forget_bodies() -> Iterator[None]:
    bodies.during.clear()
    bodies.sent.clear()
    yield
    bodies.during.clear()
