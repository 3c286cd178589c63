"""The kinds of job that this process can run. Each app's tasks.py fills the table (jobs/apps.py)."""

from collections.abc import Callable
from dataclasses import dataclass

from jobs.enums import JobQueue
from jobs.errors import UnknownKind

Body = Callable[..., None]


@dataclass(frozen=True)
class Kind:
    """How jobs of one kind run. `lease` is in seconds; `every`, too, for kinds that repeat by themselves."""

    name: str
    queue: JobQueue
    attempts: int
    lease: int
    atomic: bool
    body: Body
    every: int | None = None


_KINDS: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """Add a kind to the table, or replace it."""
    _KINDS[kind.name] = kind


def kind_named(name: str) -> Kind:
    """Return the kind. Raises UnknownKind when no task of this process has the name."""
    try:
        return _KINDS[name]
    except KeyError:
        raise UnknownKind(name) from None


def known_kinds() -> list[Kind]:
    """Return every kind of this process."""
    return list(_KINDS.values())
