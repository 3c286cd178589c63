"""Keeps processes running, each in a session of its own, and stops all of them.

Honcho's printer shows their output. Its manager is not used: it ends everything when one process dies and
signals whole process groups, which would kill Celery's children in mid-task.
"""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from honcho.printer import Message, Printer

LONG_LIFE = 60.0  # seconds: who lived longer is started again as if for the first time
PAUSES = (0.2, 0.5, 1, 2, 5, 10, 30)  # seconds before another start of a process that keeps ending


@dataclass(frozen=True)
class Process:
    """What to run and how to stop it. With a `log` its output goes to that file, else to the terminal."""

    name: str
    command: list[str]
    stop_signal: signal.Signals = signal.SIGTERM
    log: Path | None = None
    folder: Path | None = None


class Terminal:
    """The one terminal: lines of all processes, each after its name. When it is gone, nothing is printed."""

    def __init__(self, *, width: int) -> None:
        self._printer = Printer(width=width)
        self._lock = threading.Lock()

    def say(self, line: str | bytes, *, name: str = "system") -> None:
        message = Message(type="line", data=line, time=datetime.now(), name=name, colour=None)  # noqa: DTZ005
        with self._lock, suppress(OSError):
            self._printer.write(message)

    def show(self, lines: list[str]) -> None:
        """Print lines as they are."""
        with self._lock, suppress(OSError):
            print("\n".join(lines), flush=True)


class Child:
    """One process that is started again whenever it ends, until it is told to stop."""

    def __init__(self, process: Process, say: Callable[..., None]) -> None:
        self.process, self._say = process, say
        self._stopping = threading.Event()
        self._started = threading.Event()
        self._pid: int | None = None  # None when the process has ended: its id may be another's by now
        self._pid_lock = threading.Lock()
        self._short_lives = 0
        self._thread = threading.Thread(target=self._keep_running, name=process.name, daemon=True)

    def start(self) -> None:
        """Start the process; return when it runs."""
        self._thread.start()
        self._started.wait()

    def is_alive(self) -> bool:
        return self._pid is not None

    def stop(self) -> None:
        """Ask the process to end, and do not start it again."""
        self._stopping.set()
        self._send(self.process.stop_signal, os.kill)

    def kill(self) -> None:
        """End the process and everything it has started, at once."""
        self._send(signal.SIGKILL, os.killpg)

    def ended_within(self, seconds: float) -> bool:
        """Wait for the process to end after stop() or kill()."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _keep_running(self) -> None:
        while not self._stopping.is_set():
            born = time.monotonic()
            popen = self._spawn()
            self._pid = popen.pid
            self._started.set()
            if self._stopping.is_set():
                self._send(self.process.stop_signal, os.kill)
            self._wait(popen)
            if not self._stopping.is_set():
                self._pause(popen.returncode, lived=time.monotonic() - born)
        self._say(f"{self.process.name} stopped")

    def _spawn(self) -> subprocess.Popen[bytes]:
        log = self.process.log
        with log.open("ab") if log else nullcontext(subprocess.PIPE) as output:
            popen = subprocess.Popen(
                self.process.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.process.folder,
                start_new_session=True,
            )
        if popen.stdout:
            threading.Thread(target=self._relay, args=[popen.stdout], daemon=True).start()
        return popen

    def _relay(self, output: IO[bytes]) -> None:
        with output:
            for line in output:
                self._say(line, name=self.process.name)

    def _wait(self, popen: subprocess.Popen[bytes]) -> None:
        """Wait for the process to end, then end what it leaves behind while its id cannot be another's."""
        if hasattr(os, "waitid"):  # macOS before Python 3.13 has no way to wait and leave the id taken
            os.waitid(os.P_PID, popen.pid, os.WEXITED | os.WNOWAIT)
        else:
            popen.wait()
        self._send(signal.SIGKILL, os.killpg)
        with self._pid_lock:
            self._pid = None
            popen.wait()

    def _send(self, number: signal.Signals, how: Callable[[int, int], None]) -> None:
        with self._pid_lock:
            if self._pid is not None:
                with suppress(ProcessLookupError, PermissionError):  # only a dead leader is left of the group
                    how(self._pid, number)

    def _pause(self, code: int, *, lived: float) -> None:
        self._short_lives = 0 if lived > LONG_LIFE else self._short_lives + 1
        pause = PAUSES[min(self._short_lives, len(PAUSES) - 1)]
        ending = f"signal {-code}" if code < 0 else f"status {code}"
        self._say(f"{self.process.name} ended ({ending}); starting it again in {pause} s")
        self._stopping.wait(pause)


def stop_all(children: list[Child], *, seconds: float) -> None:
    """Stop the children together; whoever is still there after so many seconds is killed."""
    for child in children:
        child.stop()
    deadline = time.monotonic() + seconds
    for child in children:
        if not child.ended_within(max(0.1, deadline - time.monotonic())):
            child.kill()
            child.ended_within(5)
