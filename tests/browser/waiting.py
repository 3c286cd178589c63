"""Waiting for what happens by itself, however busy the machine is."""

import threading
from collections.abc import Callable

from playwright.sync_api import Page

PATIENCE_MS, STEP_MS = 30_000, 100


def wait_until(page: Page, true: Callable[[], bool]) -> None:
    """Wait while the browser goes on; fail if it does not become true."""
    for _ in range(PATIENCE_MS // STEP_MS):
        if true():
            return
        page.wait_for_timeout(STEP_MS)
    raise AssertionError("It did not become true.")


def requests_in_hand() -> set[threading.Thread]:
    """Return the threads in which a server of this process answers."""
    return {each for each in threading.enumerate() if "process_request_thread" in each.name}


def wait_for_the_server(*, before: set[threading.Thread]) -> None:
    """Wait until nothing is in hand for pages that are closed by now; `before` them others may have been.

    An open page of the desk asks again and again. An answer that is still being made would write into the
    database of the next test, or be in the way while that of this one is emptied.
    """
    for thread in requests_in_hand() - before:
        thread.join(PATIENCE_MS / 1000)
        assert not thread.is_alive(), f"{thread.name} still answers a page that is closed"
