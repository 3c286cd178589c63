"""make archive, make backup, make restore: BACKUP_DIR says where to, UNTIL and PGDATA are for restore."""

import os
import sys
from datetime import datetime
from pathlib import Path

import psycopg

from config import env
from config.backups.embedded import restore_embedded
from config.backups.programs import BackupFailed
from config.backups.restoring import base_before, put_back
from config.backups.taking import ARCHIVE, is_log_kept, keep_log, take_base
from config.embedded import data_dir, service_urls, why_unreachable
from config.run.lock import AlreadyRunning
from config.servers.account import CannotRunServers
from config.why import explained

KEYS = "The keys are not in it. Keep a copy of them somewhere else: "
NO_LOG = (
    "Nobody keeps the log of writes: what is written from now on is lost with the disk. Start make archive."
)
SAY_WHEN = "UNTIL is a moment with its time zone, such as UNTIL='2026-11-23 02:15:00+00:00'."
NEW_FOLDER = "From now on use another BACKUP_DIR: the log of writes has taken another course."


def archive() -> None:
    """Become the program that keeps the log of writes."""
    folder = _backup_dir()
    command, environment = keep_log(_url(), folder)
    print(f"Keeping the log of writes in {folder / ARCHIVE}, until stopped.", flush=True)
    os.execve(command[0], command, environment)


def backup() -> None:
    """Take a base backup, and say what it does not hold."""
    url = _url()
    print(f"Backed up and checked: {take_base(url, _backup_dir())}")
    print(KEYS + _keys())
    if not is_log_kept(url):
        print(NO_LOG)


def restore() -> None:
    """Go back to UNTIL; without it, to the last that was kept."""
    backups, until = _backup_dir(), _until()
    if data := env.text("PGDATA", ""):
        _restore_other(Path(data), backups, until)
        return
    said, aside = restore_embedded(data_dir(), backups, until)
    print(f"Restored to {until or 'the last that was kept'}. {said}")
    _say_where(aside)
    print(f"Now make run, then .venv/bin/python manage.py reconcile. {NEW_FOLDER}")


def _restore_other(data: Path, backups: Path, until: datetime | None) -> None:
    if (data / "postmaster.pid").exists():
        raise BackupFailed(f"{data} has a postmaster.pid: stop Threshold, then PostgreSQL.")
    base = base_before(backups, until)
    aside = put_back(base=base, archive=backups / ARCHIVE, data=data, until=until)
    print(f"{data} is ready, from {base}.")
    _say_where(aside)
    print("Start PostgreSQL, wait until SELECT pg_is_in_recovery() says false, run manage.py after_restore,")
    print(f"and only then start Threshold. {NEW_FOLDER}")


def _say_where(aside: Path | None) -> None:
    if aside:
        print(f"The data that was there is in {aside}: remove it when you are sure.")


def _url() -> str:
    if why := why_unreachable(data_dir()):
        raise BackupFailed(why)
    return service_urls(data_dir()).database


def _keys() -> str:
    return "VAULT_KEYSETS and SECRET_KEY." if env.text("DATABASE_URL", "") else f"{data_dir() / 'keys'}."


def _backup_dir() -> Path:
    folder = env.text("BACKUP_DIR", "")
    if not folder:
        raise BackupFailed("Say where: BACKUP_DIR=/mnt/backup, on another disk or machine.")
    return Path(folder).resolve()


def _until() -> datetime | None:
    text = env.text("UNTIL", "")
    try:
        until = datetime.fromisoformat(text) if text else None
    except ValueError:
        raise BackupFailed(SAY_WHEN) from None
    if until and until.tzinfo is None:
        raise BackupFailed(SAY_WHEN)
    return until


def main() -> None:
    try:
        {"archive": archive, "backup": backup, "restore": restore}[sys.argv[1]]()
    except (BackupFailed, AlreadyRunning, CannotRunServers, psycopg.OperationalError, OSError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    with explained():
        main()
