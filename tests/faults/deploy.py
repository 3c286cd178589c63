"""A deploy as docs/how-to/deploy.md has it: migrate, renew web, and every other process by its successor."""

import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

import psutil

from tests.faults.stack import FaultStack
from tests.processes import Process, wait_until

NOVELTY = "tests.faults.next_release.tasks.novelty"
WORKERS = ("worker-urgent", "worker-messages", "worker")
SAYS_WHEN_READY = {"dispatcher": "dispatcher_started"} | dict.fromkeys(WORKERS, " ready.")
WEB_PROCESSES = 2
OTHERS = ("dispatcher", *WORKERS, "beat")
HAND_OVER = Path("/proc/sys/net/ipv4/tcp_migrate_req")  # of the kernel: for root only, and only on Linux


class Deploy:
    """From this release to the next one, and back when its block ends."""

    def __init__(self, stack: FaultStack) -> None:
        self.stack = stack
        self.before = dict(stack.processes)
        self.next = stack.environment | {"NEXT_RELEASE": "on"}

    def __enter__(self) -> Self:
        with suppress(OSError):
            HAND_OVER.write_text("1")
        return self

    def __exit__(self, *_: object) -> None:
        for name, process in self.before.items():
            if self.stack.processes[name] is not process:
                self.stack.processes[name].kill()
                self.stack.processes[name] = process.start()
        self.migrate("zero")
        self.stack.wait_for_web()
        self.stack.wait_for_workers()

    def migrate(self, *to: str) -> None:
        """Bring the tables to the next release, or to the one that `to` names."""
        self.stack.run("manage.py", "migrate", "next_release", *to, "--verbosity", "0", env=self.next)

    def replace_web(self) -> float:
        """Have a second web server listen on the same port, then stop the first one, which ends its answers.

        Not by SIGHUP: granian then ends its processes one after the other at fixed times, whether or not
        those that take over have started; on a busy machine nobody answered for seventeen seconds.
        """
        successor = self._start("web")
        wait_until(lambda: _listening(successor) >= WEB_PROCESSES, seconds=180, what="the new web server")
        return self.before["web"].terminate()

    def replace_others(self) -> dict[str, float]:
        """Start the successors in turn, then stop those before; return how many seconds each took to stop."""
        for name in OTHERS:
            self._start(name)
            if name in SAYS_WHEN_READY:
                self.stack.processes[name].wait_for_output(SAYS_WHEN_READY[name], seconds=180)
        running = {name: self.before[name] for name in OTHERS if self.before[name].is_alive()}
        began = time.monotonic()
        for process in running.values():
            process.send(signal.SIGTERM)
        return {name: _ended(process) - began for name, process in running.items()}

    def _start(self, name: str) -> Process:
        """Start a process of the next release beside the one that runs."""
        first = self.before[name]
        successor = Process(f"{name}-next", first.command, env=self.next, folder=self.stack.folder)
        successor.log.unlink(missing_ok=True)
        self.stack.processes[name] = successor.start()
        return successor


def _ended(process: Process) -> float:
    wait_until(lambda: not process.is_alive(), what=f"the end of {process.name}")
    return time.monotonic()


def _listening(web: Process) -> int:
    """Return how many processes of a web server take connections: they do when they have loaded all."""
    connections = (each.net_connections() for each in web.children())
    return sum(any(one.status == psutil.CONN_LISTEN for one in some) for some in connections)
