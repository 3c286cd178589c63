"""Waiting for a server to answer."""

import time
from collections.abc import Callable

PATIENCE = 60.0  # seconds: recovery after a crash takes a few, a first start on a slow disk more


class ServerFailed(Exception):
    """A server ended or stayed silent; its log says why."""


def wait_for(name: str, *, answers: Callable[[], bool], alive: Callable[[], bool]) -> None:
    """Return as soon as `answers()`. Raises ServerFailed when the server is not alive or PATIENCE ends."""
    deadline = time.monotonic() + PATIENCE
    while not answers():
        if not alive():
            raise ServerFailed(f"{name} ended while starting.")
        if time.monotonic() > deadline:
            raise ServerFailed(f"{name} did not answer within {PATIENCE:.0f} seconds.")
        time.sleep(0.05)
