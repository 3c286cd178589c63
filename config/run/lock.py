"""One run at a time on one DATA_DIR."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

STOPPING = "stopping"
PATIENCE = {STOPPING: 40.0, "": 3.0}  # seconds; a run whose make was killed notices within one


class AlreadyRunning(Exception):
    """Another run uses the folder."""


class RunLock:
    """The lock that the run holds; a lock of the system, so it ends with the process whatever happens."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, state: str) -> None:
        """Tell others what the run is doing."""
        self._file.seek(0)
        self._file.truncate()
        self._file.write(state)
        self._file.flush()


@contextmanager
def run_lock(folder: Path) -> Iterator[RunLock]:
    """Hold the folder; wait for a run that is stopping. Raises AlreadyRunning when it is not."""
    with (folder / "run.lock").open("a+", encoding="ascii") as file:
        begun = time.monotonic()
        while not _lock(file):
            file.seek(0)
            state = file.read()
            if time.monotonic() - begun > PATIENCE.get(state, PATIENCE[""]):
                raise AlreadyRunning(f"Threshold is running on {folder} already (process {state}).")
            time.sleep(0.2)
        lock = RunLock(file)
        lock.write(str(os.getpid()))
        yield lock


def _lock(file: IO[str]) -> bool:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # of this process alone: children do not inherit it
    except (BlockingIOError, PermissionError):
        return False
    return True
