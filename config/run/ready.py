"""Tells the terminal when Threshold can be used."""

import threading
import time
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from config.run.sign_ins import sign_ins
from config.run.supervisor import Terminal

PATIENCE = 30.0  # seconds for everything to be ready once web answers


def say_when_ready(*, url: str, folder: Path, terminal: Terminal, stopping: threading.Event) -> None:
    """Wait for /readyz, then print the address and the demo sign-ins."""
    first_answer: float | None = None
    while not stopping.wait(0.2):
        status = _status(f"{url}/readyz")
        first_answer = first_answer or (time.monotonic() if status else None)
        if status == 200:
            break
        if first_answer and time.monotonic() - first_answer > PATIENCE:
            terminal.say(f"Not everything is ready yet: see {url}/readyz")
            break
    if not stopping.is_set():
        terminal.show(["", f"Threshold is ready at {url}", *sign_ins(folder), ""])


def _status(url: str) -> int | None:
    try:
        with urlopen(url, timeout=5) as answer:  # noqa: S310 (our own http address)
            return int(answer.status)
    except HTTPError as error:
        return error.code
    except (URLError, OSError):
        return None
