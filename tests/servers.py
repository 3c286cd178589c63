"""The PostgreSQL and the Valkey of one test run: private, fast, and gone when the run ends.

`announce` decides the addresses before Django reads its settings; the workers of pytest-xdist inherit them.
Only the process that announced them starts and stops the servers.
"""

import os
import secrets
import shutil
import tempfile
from pathlib import Path

from config.servers.ports import free_port
from config.servers.postgres import Postgres
from config.servers.running import RunningServer
from config.servers.valkey import Valkey

FOLDER = "THRESHOLD_TEST_FOLDER"
NOWHERE = "redis://127.0.0.1:1/0"  # where no server answers


class TestServers:
    """Both servers of the run."""

    __test__ = False

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="threshold-test-"))
        self.folder.chmod(0o711)  # as root the servers run under an account of their own
        self.postgres = self._server(Postgres)
        self.valkey = self._server(Valkey)

    def start(self) -> None:
        self.postgres.start()
        self.valkey.start()

    def stop(self) -> None:
        self.postgres.stop()
        self.valkey.stop()
        shutil.rmtree(self.folder)

    def _server(self, kind: type[Postgres] | type[Valkey]) -> RunningServer:
        own = {"folder": self.folder / kind.name, "port": free_port(), "password": secrets.token_hex(16)}
        return RunningServer(kind(**own, durable=False), log=self.folder / f"{kind.name}.log")


def announce() -> TestServers | None:
    """Set the environment of the run; return the servers to start, or None in a worker of pytest-xdist."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        _take_own_places(number=int(worker.removeprefix("gw")) + 1)
        return None
    servers = TestServers()
    os.environ["DATABASE_URL"] = servers.postgres.server.url
    os.environ["REDIS_URL"] = servers.valkey.server.url
    os.environ[FOLDER] = str(servers.folder)
    _take_own_places(number=0)
    return servers


def redis_numbers(worker: int) -> tuple[int, int]:
    """Return the numbers of the broker's and the cache's database for a worker (0: no pytest-xdist)."""
    return 2 * worker, 2 * worker + 1


def _take_own_places(*, number: int) -> None:
    own = Path(os.environ[FOLDER]) / f"worker-{number}"
    for name in ("data", "static"):  # static stays empty: tests find static files where they are built
        (own / name).mkdir(parents=True)
    os.environ |= {"DATA_DIR": str(own / "data"), "STATIC_ROOT": str(own / "static")}
    broker, cache = redis_numbers(number)
    os.environ["BROKER_URL"] = f"{os.environ['REDIS_URL']}/{broker}"
    os.environ["CACHE_URL"] = f"{os.environ['REDIS_URL']}/{cache}"
