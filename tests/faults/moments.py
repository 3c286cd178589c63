"""Moments at which a process of a stack can be told to die, or to wait: a file in MOMENTS names the moment.

Of all processes one is hit, the first that comes there: it takes the file away. "die" is kill -9, and leaves
a file that names the job in its hands; "wait" goes on when the file of that name with .held is gone. The
functions of the product are wrapped when a process starts that has MOMENTS in its environment; without it
this module does nothing.
"""

import importlib
import os
import signal
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

BEFORE, AFTER = "before", "after"
ORPHAN = ".orphan"  # ends the name of a file that names a job
# What is committed at that moment, and the place in the product.
MOMENTS: dict[str, tuple[str, str, str]] = {
    # web
    "enquiry stored": ("intake.services.submission", "_store", AFTER),
    "lead made, no answer yet": ("intake.services.submission", "link_enquiry", AFTER),
    "answer noted, no commit": ("crm.services.acknowledging", "_answer", AFTER),
    "receipt noted, no commit": ("notifications.services.receipts", "_move", AFTER),
    # dispatcher
    "jobs claimed": ("jobs.services.dispatch", "claim_due", AFTER),
    "jobs published": ("jobs.services.dispatch:Dispatcher", "publish", AFTER),
    # urgent workers
    "lead placed, no commit": ("intake.services.placement", "place_lead", AFTER),
    "step told, no commit": ("crm.services.escalating", "tell", AFTER),
    # workers of messages
    "message claimed": ("notifications.services.delivery", "start_try", BEFORE),
    "try written": ("notifications.services.delivery", "start_try", AFTER),
    "provider accepted, no commit": ("notifications.services.delivery", "_send", AFTER),
    "acceptance written": ("notifications.services.delivery", "record_acceptance_surely", AFTER),
    "provider refused, no commit": ("notifications.services.delivery", "record_failure", BEFORE),
    "next way written": ("notifications.services.delivery", "record_failure", AFTER),
}


def arm() -> None:
    """Wrap every place, if this process is part of a stack that wants it."""
    if folder := os.environ.get("MOMENTS"):
        for moment, place in MOMENTS.items():
            _wrap(Path(folder) / moment, *place)


def _wrap(file: Path, where: str, name: str, side: str) -> None:
    module, _, inside = where.partition(":")
    owner: Any = importlib.import_module(module)
    owner = getattr(owner, inside) if inside else owner
    setattr(owner, name, _at(file, side, getattr(owner, name)))


def _at(file: Path, side: str, do: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(do)
    def wrapped(*args: Any, **named: Any) -> Any:
        if side == BEFORE:
            _come_to(file)
        done = do(*args, **named)
        if side == AFTER and done not in ([], 0):  # nothing to claim, publish or replace is no moment
            _come_to(file)
        return done

    return wrapped


def _come_to(file: Path) -> None:
    if not file.exists():
        return
    held = file.with_name(f"{file.name}.held")
    try:
        file.rename(held)
    except FileNotFoundError:
        return  # another process was quicker
    if held.read_text() == "die":
        _name_the_orphan(file.parent)
        held.unlink()
        os.kill(os.getpid(), signal.SIGKILL)
    while held.exists():
        time.sleep(0.02)


def _name_the_orphan(folder: Path) -> None:
    """From outside nobody can tell whose lease it is that outlives its holder."""
    from jobs.services.running import _current

    lease = _current.get(None)
    if lease:
        (folder / f"{lease.job}{ORPHAN}").touch()
