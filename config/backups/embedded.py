"""The embedded server of DATA_DIR goes back to a point in time, all the way."""

import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg import sql

from config.backups.programs import BackupFailed
from config.backups.restoring import SETTINGS, TO_RESTORE, base_before, put_back
from config.backups.taking import ARCHIVE
from config.run.leftovers import end_leftovers
from config.run.lock import run_lock
from config.servers.account import own_folder
from config.servers.ports import free_port
from config.servers.postgres import Postgres
from config.servers.running import RunningServer
from config.servers.waiting import ServerFailed

ROOT = Path(__file__).resolve().parent.parent.parent
SAYS_TOO_LATE = "recovery ended before configured recovery target was reached"
TOO_LATE = "The log of writes ends before UNTIL. Leave UNTIL out to get all that there is."


def restore_embedded(folder: Path, backups: Path, until: datetime | None) -> tuple[str, Path | None]:
    """Restore the server of a DATA_DIR on which nothing runs, and stop it again.

    Return what manage.py after_restore said, and where the data that was there is now. Raises AlreadyRunning,
    and BackupFailed: then the data is what it was, unless that says otherwise.
    """
    base, server = base_before(backups, until), _server(folder)
    with run_lock(folder):
        end_leftovers(folder, [server])
        own_folder(server.folder)
        aside = put_back(base=base, archive=backups / ARCHIVE, data=server.data, until=until)
        running = RunningServer(server, log=_log(folder))
        try:
            _recover(running, server, aside)
            return _after_restore(server.url), aside
        finally:
            running.stop()


def _server(folder: Path) -> Postgres:
    secret = folder / "keys" / "postgres-password"
    if not secret.exists():
        raise BackupFailed(f"{secret} is not there: put the keys back first, from where they are kept.")
    password = secret.read_text(encoding="ascii")
    return Postgres(folder=folder / Postgres.name, port=free_port(), password=password)


def _log(folder: Path) -> Path:
    log = folder / "log" / "restore.log"
    log.parent.mkdir(mode=0o700, exist_ok=True)
    log.unlink(missing_ok=True)
    return log


def _recover(running: RunningServer, server: Postgres, aside: Path | None) -> None:
    """Have the server write again what is wanted. If it cannot, put back what was there."""
    try:
        running.start()
        _wait_for_recovery(server)
    except (ServerFailed, psycopg.OperationalError) as error:
        why = TOO_LATE if SAYS_TOO_LATE in running.log.read_text(errors="replace") else str(error)
        running.stop(signal.SIGKILL)
        _undo(server, aside)
        raise BackupFailed(f"{why}\nNothing has changed.") from error
    _forget_recovery(server)


def _wait_for_recovery(server: Postgres) -> None:
    """Return when everything is written again; with a long log of writes that takes its time."""
    with psycopg.connect(server.url_of("postgres"), autocommit=True) as connection:
        while connection.execute("SELECT pg_is_in_recovery()").fetchone() != (False,):
            time.sleep(0.2)


def _undo(server: Postgres, aside: Path | None) -> None:
    for folder in (server.data, server.folder / TO_RESTORE):
        shutil.rmtree(folder)
    if aside:
        aside.rename(server.data)


def _forget_recovery(server: Postgres) -> None:
    with psycopg.connect(server.url_of("postgres"), autocommit=True) as connection:
        for name in SETTINGS:
            connection.execute(sql.SQL("ALTER SYSTEM RESET {}").format(sql.Identifier(name)))
    shutil.rmtree(server.folder / TO_RESTORE)


def _after_restore(url: str) -> str:
    command = [sys.executable, "manage.py", "after_restore"]
    environment = {"DJANGO_SETTINGS_MODULE": "config.settings.dev", **os.environ, "DATABASE_URL": url}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        raise BackupFailed(f"The data is back, but manage.py after_restore failed:\n{done.stderr[-2000:]}")
    return done.stdout.strip()
