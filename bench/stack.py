"""Servers and processes of one benchmark: private, on free ports, stopped at the end."""

import http.client
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Self

from config.servers.ports import free_port
from config.servers.postgres import Postgres
from config.servers.running import RunningServer
from config.servers.valkey import Valkey

ROOT = Path(__file__).resolve().parent.parent


class Stack:
    """PostgreSQL and Valkey with durable settings, and the processes of the Procfile."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="threshold-bench-"))
        self.folder.chmod(0o711)
        self.port = free_port()
        self.postgres = self._server(Postgres)
        self.valkey = self._server(Valkey)
        self.environment = self._environment()
        self._processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        self.postgres.start()
        self.postgres.server.ensure_database()
        self.valkey.start()
        self.manage("migrate", "--verbosity", "0")
        self.manage("load_content")
        self.manage("demo_data", "--leads", "0")
        self.manage("collectstatic", "--noinput", "--verbosity", "0")
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.terminate()  # not the group: Celery's children finish what they are at
        for process in self._processes:
            _end(process)
        self.valkey.stop()
        self.postgres.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def manage(self, *arguments: str) -> str:
        """Run a management command and return what it printed."""
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    def start_processes(self) -> None:
        """Start everything that the Procfile names and wait until the web server answers."""
        for line in (ROOT / "Procfile").read_text(encoding="utf-8").splitlines():
            name, _, command = line.partition(":")
            if command:
                self._start(name, command.strip())
        self._wait_for_web()

    def _start(self, name: str, command: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self._processes.append(
                subprocess.Popen(
                    ["sh", "-c", f"exec {command}"],
                    cwd=ROOT,
                    env=self.environment,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )

    def _wait_for_web(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError(f"The web server did not answer; see {self.folder}.")

    def _server(self, kind: type[Postgres] | type[Valkey]) -> RunningServer:
        own = {"folder": self.folder / kind.name, "port": free_port(), "password": secrets.token_hex(16)}
        return RunningServer(kind(**own, durable=True), log=self.folder / f"{kind.name}.log")

    def _environment(self) -> dict[str, str]:
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "DATABASE_URL": self.postgres.server.url,
            "REDIS_URL": self.valkey.server.url,
            "DATA_DIR": str(self.folder / "data"),
            "STATIC_ROOT": str(self.folder / "static"),
            "PORT": str(self.port),
            "GRANIAN_HOST": "127.0.0.1",
            "GRANIAN_PORT": str(self.port),
            "BASE_URL": f"http://127.0.0.1:{self.port}",
            "EMAIL_CHANNEL": "file",
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
