"""A whole Threshold of one's own, for measuring and for breaking: private, on free ports, gone at the end."""

import http.client
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import psutil
import psycopg
from honcho.environ import parse_procfile

from config.run.leftovers import MARK
from config.servers.ports import free_port
from config.servers.postgres import Postgres
from config.servers.running import RunningServer
from config.servers.valkey import Valkey
from tests.processes import Process, wait_until

ROOT = Path(__file__).resolve().parent.parent
Row = tuple[Any, ...]
Cursor = psycopg.Cursor[Row]
# Nobody answers here: what was alerted must not be told again and again, until no more may be sent.
ANSWER = """
    WITH ended AS (
        UPDATE notifications_escalation SET ended_at = now(), ended_why = 'OVER'
        WHERE ended_at IS NULL RETURNING id)
    UPDATE notifications_message SET state = 'CANCELLED'
    WHERE state = 'QUEUED' AND escalation_id IN (SELECT id FROM ended)
"""
AT_WORK = {"database", "broker", "beat", "dispatcher", "watch"}  # of what /readyz asks
PATIENCE = 180.0  # seconds for a process to start on a busy machine


class Stack:
    """PostgreSQL and Valkey with durable settings, and the processes of the Procfile, each with a log file.

    `settings` is the settings module of its processes.
    """

    def __init__(self, *, settings: str = "bench.settings") -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="threshold-stack-"))
        self.folder.chmod(0o711)
        self.port = free_port()
        self.postgres = self._server(Postgres)
        self.valkey = self._server(Valkey)
        self.environment = os.environ | self._environment(settings)
        commands = parse_procfile((ROOT / "Procfile").read_text(encoding="utf-8")).processes
        self.processes = {name: self._process(name, command) for name, command in commands.items()}
        self._connection: psycopg.Connection[Row] | None = None
        self._watchdog: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._watchdog = self._watch()
        try:
            self.postgres.start()
            self.postgres.server.ensure_database()
            self.valkey.start()
            self.prepare()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop_processes()
        if self._connection:
            self._connection.close()
        self.valkey.stop()
        self.postgres.stop()
        if self._watchdog:
            self._watchdog.communicate()
        shutil.rmtree(self.folder, ignore_errors=True)

    def prepare(self) -> None:
        """Make tables, content, a site with its staff and no leads, and the static files."""
        self.manage("migrate", "--verbosity", "0")
        self.manage("load_content")
        self.manage("demo_data", "--leads", "0")
        self.manage("collectstatic", "--noinput", "--verbosity", "0")

    def manage(self, *arguments: str) -> str:
        """Run a management command and return what it printed."""
        return self.run("manage.py", *arguments)

    def run(self, *arguments: str, env: Mapping[str, str] | None = None) -> str:
        """Run Python in the environment of the stack, or another one, and return what it printed."""
        command, env = [sys.executable, *arguments], env or self.environment
        done = subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout

    def start_processes(self) -> None:
        """Start everything that the Procfile names and wait until all of it is at work."""
        for process in self.processes.values():
            process.start()
        self.wait_for_web()
        self.wait_for_workers()

    def stop_processes(self) -> None:
        """Let the processes end what they are at; kill those that take too long."""
        running = [process for process in self.processes.values() if process.is_alive()]
        for process in running:
            process.send(signal.SIGTERM)  # not the group: Celery's children finish what they are at
        psutil.wait_procs([psutil.Process(process.pid) for process in running], timeout=30)
        for process in running:
            process.kill()

    def wait_for_web(self) -> float:
        """Wait until the web server answers; return how many seconds that took."""
        return wait_until(self._answers, seconds=PATIENCE, what="an answer of the web server")

    def wait_for_workers(self) -> None:
        """Wait until /readyz finds every process at work, whatever alarms the desk has."""
        deadline = time.monotonic() + PATIENCE
        while not all(check["ok"] for name, check in self.readiness().items() if name in AT_WORK):
            assert time.monotonic() < deadline, f"not at work: {self.readiness()}"
            time.sleep(0.1)

    def query(self, statement: str, *values: object) -> list[Row]:
        """Return the rows that PostgreSQL answers with, asked beside the product."""
        return self.execute(statement, *values).fetchall()

    def execute(self, statement: str, *values: object) -> Cursor:
        """Have PostgreSQL do something, on a connection that is kept as long as it works."""
        try:
            return self._connected().execute(statement, values or None)
        except psycopg.OperationalError:  # the server has restarted since, or cut the connection
            return self._connected().execute(statement, values or None)

    def _connected(self) -> "psycopg.Connection[Row]":
        if self._connection is None or self._connection.closed:
            url = self.postgres.server.url
            self._connection = psycopg.connect(url, autocommit=True, connect_timeout=3)
        return self._connection

    def answer_alerts(self) -> None:
        """End every alert that goes on."""
        self.execute(ANSWER)

    def get(self, path: str) -> tuple[int, bytes]:
        """Return status and body of a page. Raises OSError or HTTPException when there is no answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def readiness(self) -> dict[str, Any]:
        """Return what /readyz says of each part."""
        return dict(json.loads(self.get("/readyz")[1])["checks"])

    def _answers(self) -> bool:
        try:
            return self.get("/healthz")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def _server(self, kind: type[Postgres] | type[Valkey]) -> RunningServer:
        own = {"folder": self.folder / kind.name, "port": free_port(), "password": secrets.token_hex(16)}
        return RunningServer(kind(**own, durable=True), log=self.folder / f"{kind.name}.log")

    def _process(self, name: str, command: str) -> Process:
        return Process(name, ["sh", "-c", f"exec {command}"], env=self.environment, folder=self.folder)

    def _watch(self) -> subprocess.Popen[bytes]:
        """Start what ends the stack when we die without a chance to do so."""
        command = [sys.executable, "-m", "bench.watchdog", str(self.folder)]
        return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, start_new_session=True)

    def _environment(self, settings: str) -> dict[str, str]:
        redis = self.valkey.server.url
        return {
            MARK: str(self.folder),
            "DJANGO_SETTINGS_MODULE": settings,
            "DATABASE_URL": self.postgres.server.url,
            "REDIS_URL": redis,
            "BROKER_URL": f"{redis}/0",
            "CACHE_URL": f"{redis}/1",
            "DATA_DIR": str(self.folder / "data"),
            "STATIC_ROOT": str(self.folder / "static"),
            "GRANIAN_HOST": "127.0.0.1",
            "GRANIAN_PORT": str(self.port),
            "BASE_URL": f"http://127.0.0.1:{self.port}",
            "EMAIL_CHANNEL": "file",
            "SMS_CHANNEL": "off",  # an alert is one message a person
            "PYTHONUNBUFFERED": "1",
            "MALLOC_ARENA_MAX": "2",
            "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }
