"""One running server, for tests and tools that start and stop it themselves."""

import os
import signal
import subprocess
from pathlib import Path

from config.servers.postgres import Postgres
from config.servers.valkey import Valkey
from config.servers.waiting import ServerFailed


class RunningServer:
    """A server with its process, in a session of its own so that Ctrl-C spares it. It writes to `log`."""

    def __init__(self, server: Postgres | Valkey, *, log: Path) -> None:
        self.server, self.log = server, log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id. Raises ServerFailed when the server was never started."""
        if self._process is None:
            raise ServerFailed(f"{self.server.name} was not started.")
        return self._process.pid

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the server and return when it answers. Raises ServerFailed with its last words."""
        self.server.prepare()
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self.server.command, cwd="/", stdout=output, stderr=output, start_new_session=True
            )
        try:
            self.server.wait_until_ready(self.is_alive)
        except ServerFailed as error:
            self.stop(signal.SIGKILL)
            raise ServerFailed(f"{error}\n{self.log.read_text(errors='replace')[-2000:]}") from error

    def stop(self, with_signal: signal.Signals | None = None) -> None:
        """Stop the server: its own way, or with the given signal (SIGQUIT: PostgreSQL's immediate stop)."""
        if self._process is None or not self.is_alive():
            return
        self._process.send_signal(with_signal or self.server.stop_signal)
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
