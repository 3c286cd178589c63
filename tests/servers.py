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
    if "PYTEST_XDIST_WORKER" in os.environ:
        return None
    servers = TestServers()
    os.environ["DATABASE_URL"] = servers.postgres.server.url
    os.environ["REDIS_URL"] = servers.valkey.server.url
    os.environ[FOLDER] = str(servers.folder)
    os.environ |= own_places(number=0)
    return servers


def own_places(*, number: int) -> dict[str, str]:
    """Make the folders of one process of the run (0: no pytest-xdist); return its environment."""
    own = Path(os.environ[FOLDER]) / f"worker-{number}"
    for name in ("data", "static"):  # static stays empty: tests find static files where they are built
        (own / name).mkdir(parents=True)
    return {
        "DATA_DIR": str(own / "data"),
        "STATIC_ROOT": str(own / "static"),
        "BROKER_URL": f"{os.environ['REDIS_URL']}/{2 * number}",
        "CACHE_URL": f"{os.environ['REDIS_URL']}/{2 * number + 1}",
    }
