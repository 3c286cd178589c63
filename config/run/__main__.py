"""Start everything in order, wait to be stopped, stop everything in reverse."""

import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from honcho.environ import parse_procfile

from config import env
from config.dev_secrets import dev_secret
from config.embedded import announce_services, data_dir, embedded_port, withdraw_services
from config.run.leftovers import MARK, end_leftovers
from config.run.lock import STOPPING, AlreadyRunning, RunLock, run_lock
from config.run.ready import say_when_ready
from config.run.supervisor import Child, Process, Terminal, stop_all
from config.servers.account import CannotRunServers, running_as_root
from config.servers.ports import free_port, is_free
from config.servers.postgres import Postgres
from config.servers.valkey import Valkey
from config.servers.waiting import ServerFailed
from config.why import explained

ROOT = Path(__file__).resolve().parent.parent.parent
GRACE = 21.0  # seconds for the processes; workers take up to 20 to finish what they have begun
GRACE_OF_SOURCES = 2.0
GRACE_OF_SERVERS = 10.0


class RunFailed(Exception):
    """Threshold cannot start; the message says why."""


class Run:
    """One run: embedded servers, a prepared database, the processes of the Procfile."""

    def __init__(self, folder: Path, servers: dict[str, Postgres | Valkey], *, port: int) -> None:
        self.folder, self.embedded, self.url = folder, servers, f"http://127.0.0.1:{port}"
        self.commands: dict[str, str] = parse_procfile(
            (ROOT / "Procfile").read_text(encoding="utf-8")
        ).processes
        self.terminal = Terminal(width=max(len(name) for name in self.commands))
        self.stopping = threading.Event()
        self.servers: list[Child] = []
        self.children: list[Child] = []

    def start(self) -> None:
        """Take one step after the other until done or told to stop."""
        for step in (self._start_servers, self._prepare, self._start_processes):
            if not self.stopping.is_set():
                step()

    def wait(self) -> None:
        """Return when told to stop, or when the make that started us was killed."""
        parent = os.getppid() if "MAKELEVEL" in os.environ else None
        while not self.stopping.wait(1):
            if parent and os.getppid() != parent:
                self.stopping.set()

    def stop(self) -> None:
        """Stop the processes, then the servers."""
        self.stopping.set()
        self.terminal.say("Stopping (work in progress may take 20 seconds)")
        self._stop_sources()
        stop_all(self.children, seconds=GRACE)
        stop_all(self.servers, seconds=GRACE_OF_SERVERS)
        withdraw_services(self.folder)
        self.terminal.say("Stopped")

    def _stop_sources(self) -> None:
        """Stop those who give work before those who do it: a worker found idle ends at once."""
        sources = [child for child in self.children if not child.process.name.startswith("worker")]
        for child in sources:
            child.stop()
        deadline = time.monotonic() + GRACE_OF_SOURCES
        for child in sources:
            child.ended_within(max(0.0, deadline - time.monotonic()))

    def _start_servers(self) -> None:
        for server in self.embedded.values():
            self._start_server(server)
        addresses = {name: server.url for name, server in self.embedded.items()}
        announce_services(self.folder, addresses | {"web": self.url})

    def _start_server(self, server: Postgres | Valkey) -> None:
        self.terminal.say(f"Starting {server.name}")
        server.prepare()
        log = self.folder / "log" / f"{server.name}.log"
        process = Process(server.name, server.command, server.stop_signal, log, folder=Path("/"))
        child = Child(process, self.terminal.say)
        self.servers.append(child)
        child.start()
        try:
            server.wait_until_ready(lambda: child.is_alive() and not self.stopping.is_set())
        except ServerFailed as error:
            raise ServerFailed(f"{error} {log} says why.") from None
        server.ensure_database()

    def _prepare(self) -> None:
        process = subprocess.Popen(
            [sys.executable, "-m", "config.run.prepare"], cwd=ROOT, start_new_session=True
        )
        while process.poll() is None and not self.stopping.wait(0.1):
            pass
        if self.stopping.is_set():
            process.terminate()
        if process.wait() and not self.stopping.is_set():
            raise RunFailed("The database could not be prepared; the lines above say why.")

    def _start_processes(self) -> None:
        self.terminal.say(f"Starting {', '.join(self.commands)}")
        for name, command in self.commands.items():
            child = Child(Process(name, ["sh", "-c", f"exec {command}"], folder=ROOT), self.terminal.say)
            self.children.append(child)
            child.start()
        wanted = {
            "url": self.url,
            "folder": self.folder,
            "terminal": self.terminal,
            "stopping": self.stopping,
        }
        threading.Thread(target=say_when_ready, kwargs=wanted, daemon=True).start()


def embedded_servers(folder: Path) -> dict[str, Postgres | Valkey]:
    """Return the servers that no DATABASE_URL or REDIS_URL replaces, by their names in services.json."""
    servers: dict[str, Postgres | Valkey] = {}
    for kind, name, variable in ((Postgres, "database", "DATABASE_URL"), (Valkey, "redis", "REDIS_URL")):
        if not env.text(variable, ""):
            password = dev_secret(folder, f"{kind.name}-password", lambda: secrets.token_hex(24))
            port = free_port(preferred=embedded_port(folder, name))
            servers[name] = kind(folder=folder / kind.name, port=port, password=password)
    return servers


def prepare_folder(folder: Path) -> None:
    """Make DATA_DIR. Others may pass through it (not list it) when a system account runs the servers."""
    folder.mkdir(mode=0o711 if running_as_root() else 0o700, parents=True, exist_ok=True)
    (folder / "log").mkdir(mode=0o700, exist_ok=True)


def set_environment(folder: Path, *, port: int) -> None:
    """Set what every process of the run inherits."""
    os.environ |= {
        MARK: str(folder),
        "DATA_DIR": str(folder),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "GRANIAN_PORT": str(port),
        "PYTHONUNBUFFERED": "1",
        "MALLOC_ARENA_MAX": "2",  # a smaller heap for processes with many threads
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
    }
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    os.environ.setdefault("BASE_URL", f"http://127.0.0.1:{port}")


def run(folder: Path, lock: RunLock, *, port: int) -> None:
    """Run until stopped. Raises RunFailed, ServerFailed or CannotRunServers when it cannot start."""
    servers = embedded_servers(folder)
    end_leftovers(folder, servers.values())
    if not is_free(port):
        raise RunFailed(f"Port {port} is in use. Choose another one: make run PORT={port + 1}")
    set_environment(folder, port=port)
    this = Run(folder, servers, port=port)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if (number, signal.getsignal(number)) != (
            signal.SIGHUP,
            signal.SIG_IGN,
        ):  # nohup: outlive the terminal
            signal.signal(number, lambda *_: this.stopping.set())
    try:
        this.start()
        this.wait()
    except ServerFailed:
        if not this.stopping.is_set():  # a server that we did not wait for has not failed
            raise
    finally:
        lock.write(STOPPING)
        this.stop()


def wanted_port() -> int:
    """Return PORT. Raises WrongSetting unless a server can listen there."""
    port = env.number("PORT", 8000)
    if port not in range(1, 65536):
        raise env.WrongSetting(f"PORT must be between 1 and 65535, not {port}.")
    return port


def main() -> None:
    folder, port = data_dir(), wanted_port()
    prepare_folder(folder)
    try:
        with run_lock(folder) as lock:
            run(folder, lock, port=port)
    except (AlreadyRunning, RunFailed, ServerFailed, CannotRunServers) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    with explained():
        main()
