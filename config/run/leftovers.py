"""What a run that was killed has left behind: processes marked with its DATA_DIR, and its servers."""

import os
import signal
from collections.abc import Iterable
from pathlib import Path

import psutil

from config.servers.postgres import Postgres
from config.servers.valkey import Valkey

MARK = "THRESHOLD_RUN"  # in the environment of every process of a run; its value is the DATA_DIR
GONE = (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess)


def end_leftovers(folder: Path, servers: Iterable[Postgres | Valkey]) -> None:
    """End them, servers last and gently. Killing the others is safe: work is leased in the database."""
    found = [process for process in map(_process_of, servers) if process]
    spared = _ourselves().union(*map(_family, found))
    _end([each for each in psutil.process_iter() if each.pid not in spared and _mark(each) == str(folder)])
    for process in found:
        _end([process], gently=signal.SIGINT)  # both servers take it for an orderly end, at once


def _ourselves() -> set[int]:
    me = psutil.Process()
    return {me.pid, *(parent.pid for parent in me.parents())}


def _family(process: psutil.Process) -> set[int]:
    try:
        return {process.pid, *(child.pid for child in process.children(recursive=True))}
    except GONE:
        return {process.pid}


def _mark(process: psutil.Process) -> str | None:
    try:
        return process.environ().get(MARK)
    except GONE:
        return None


def _process_of(server: Postgres | Valkey) -> psutil.Process | None:
    """Return the server's process if its id file tells the truth: a server works in its own folder."""
    try:
        process = psutil.Process(int(server.pid_file.read_text(encoding="ascii").split()[0]))
        return process if process.cwd() == str(server.pid_file.parent) else None
    except (FileNotFoundError, ValueError, IndexError, *GONE):
        return None


def _end(processes: list[psutil.Process], *, gently: signal.Signals = signal.SIGKILL) -> None:
    for process in processes:
        _send(process, gently)
    _, alive = psutil.wait_procs(processes, timeout=20)
    for process in alive:
        _send(process, signal.SIGKILL)
    psutil.wait_procs(alive, timeout=5)


def _send(process: psutil.Process, number: signal.Signals) -> None:
    try:
        os.kill(process.pid, number)
    except ProcessLookupError:
        return
