"""The service outside that takes our pings, and alarms when none came for two periods."""

import threading
import time
from pathlib import Path
from typing import Any

from tests.notifications.peers.server import Provider, Reply


class Heartbeat(Provider):
    """It takes every ping, however many come. It alarms from the moment on that it is told to watch."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.latest = 0.0  # when the last ping came, on this machine's own clock
        self.alarms: list[float] = []  # when it alarmed: once for each silence
        self._came = threading.Event()

    def next_answer(self, asked: Any) -> str | Reply:
        self.asked.append(asked)
        self.latest = time.monotonic()
        self._came.set()
        return Reply(200, b"OK")

    def watch(self, period: float) -> None:
        """Expect a ping in each period from now on."""
        self._came.clear()
        threading.Thread(target=self._watch, args=(period,), daemon=True).start()

    def stop(self) -> None:
        super().stop()
        self._came.set()

    def _watch(self, period: float) -> None:
        while not self.over.is_set():
            if not self._came.wait(2 * period):
                self.alarms.append(time.monotonic())
                self._came.wait()
            self._came.clear()
