"""The system account that runs the embedded servers when we are root, whom PostgreSQL refuses.

Only root needs any of this: an ordinary user runs the servers as himself.
"""

import os
import pwd
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import NoReturn

NAME = "threshold"
# What lets the account through directories that are closed to it (a clone under /root), best first.
# Containers often lack the first one. The numbers are the bits of CapPrm in /proc/self/status.
PASSES = {"dac_read_search": 2, "dac_override": 1}


class CannotRunServers(Exception):
    """The embedded servers cannot run here; the message says what to do."""


def running_as_root() -> bool:
    """Tell whether servers need an account of their own."""
    return os.geteuid() == 0


def own_folder(folder: Path) -> None:
    """Make a private folder that belongs to whoever runs the servers."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if running_as_root():
        hand_over(folder)


def hand_over(path: Path) -> None:
    """Give a file or folder to the servers' account; nothing to do unless we are root."""
    if running_as_root():
        os.chown(path, _account().pw_uid, _account().pw_gid)


def as_account(command: list[str], *, folder: Path) -> list[str]:
    """Return the command as it must be started: under the servers' account when we are root.

    Where the system can, the server also ends by itself when we are killed.

    `folder` is where the server keeps its data. When the account cannot reach it, or the program, the
    command gets one capability to pass closed directories; no permission of any directory is changed.
    Raises CannotRunServers when that is impossible too.
    """
    if not running_as_root():
        return _dies_with_us() + command
    for prefix in (_dropped(), *(_dropped(name) for name in PASSES if _has_capability(name))):
        if _reaches(prefix, command[0], folder):
            return prefix + command
    raise CannotRunServers(
        f"The account {_account().pw_name!r}, which runs the embedded servers for root, cannot reach "
        f"{folder} or {command[0]}. Clone to a folder that others may enter (for instance /opt/threshold), "
        "or run make as an ordinary user."
    )


def _dies_with_us() -> list[str]:
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "INT"] if setpriv else []


def _dropped(capability: str = "") -> list[str]:
    account = _account()
    ids = ["--reuid", str(account.pw_uid), "--regid", str(account.pw_gid), "--clear-groups"]
    pass_ = f"-all,+{capability}" if capability else "-all"
    # PostgreSQL asks access(2) about its own program; without no_setuid_fixup that ignores capabilities.
    fixup = ["--securebits", "+no_setuid_fixup"] if capability else []
    caps = [*fixup, "--inh-caps", pass_, "--ambient-caps", pass_]
    return [*(_dies_with_us() or _no_setpriv()), *ids, *caps]


def _reaches(prefix: list[str], program: str, folder: Path) -> bool:
    check = 'test -x "$1" && test -r "$1" && test -x "$2"'
    probe = [*prefix, "sh", "-c", check, "sh", program, str(folder)]
    return subprocess.run(probe, capture_output=True, cwd="/", check=False).returncode == 0


def _has_capability(name: str) -> bool:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    permitted = next(line for line in status.splitlines() if line.startswith("CapPrm:"))
    return bool(int(permitted.split()[1], 16) >> PASSES[name] & 1)


def _no_setpriv() -> NoReturn:
    raise CannotRunServers(
        "PostgreSQL does not run as root, and the command setpriv (util-linux), which would drop root's "
        "rights, is missing. Run make as an ordinary user."
    )


@cache
def _account() -> pwd.struct_passwd:
    """Return the account NAME, made when absent; where accounts cannot be made, `nobody`."""
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin")
    if useradd and not _exists(NAME):
        options = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
        subprocess.run([useradd, *options, NAME], capture_output=True, check=False)
    return pwd.getpwnam(NAME if _exists(NAME) else "nobody")


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
