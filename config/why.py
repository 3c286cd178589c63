"""In a sentence, why a command cannot go on. What is not here is a fault of ours, and keeps its traceback."""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import CommandError
from django.db import Error, OperationalError, ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor

from config.embedded import data_dir, why_unreachable
from config.env import WrongSetting

NOT_USABLE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR}
FULL = {errno.ENOSPC, errno.EDQUOT}
NO_SUCH_TABLE_OR_COLUMN = {"42P01", "42703"}  # PostgreSQL's codes of errors
DISK_FULL = "53100"
NOT_PREPARED = (
    "The database is not prepared yet. If make run has only just started, wait until it says that Threshold "
    "is ready; else run manage.py migrate."
)


@contextmanager
def explained() -> Iterator[None]:
    """End the process with the sentence, where there is one and nobody asks for the --traceback."""
    try:
        yield
    except Exception as error:
        if "--traceback" not in sys.argv and (sentence := why(error)):
            sys.exit(sentence)
        raise


def why(error: Exception) -> str | None:
    """Return the sentence for people, None for an error that needs a developer."""
    if isinstance(error, WrongSetting | CommandError):
        return str(error)
    if isinstance(error, OperationalError):
        return why_unreachable(data_dir()) or _of_database(error)
    if isinstance(error, ProgrammingError):
        return NOT_PREPARED if _code(error) in NO_SUCH_TABLE_OR_COLUMN and _is_unprepared() else None
    return _of_disk(error) if isinstance(error, OSError) else None


def _of_database(error: OperationalError) -> str | None:
    if _code(error) == DISK_FULL:
        return "PostgreSQL cannot write: its disk is full. Make room; nothing needs repairing afterwards."
    if _code(error):
        return None
    return f"No connection to PostgreSQL; is DATABASE_URL right, and does it run? It said: {error}"


def _is_unprepared() -> bool:
    """Tell whether migrations wait, and this is not the command that brings them."""
    if {Path(each).stem for each in sys.argv[:2]} & {"migrate", "prepare"}:
        return False
    try:
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except Error:
        return False


def _code(error: Exception) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)


def _of_disk(error: OSError) -> str | None:
    if error.errno in FULL:
        return f"The disk is full: {error.filename or 'something'} could not be written."
    if error.errno in NOT_USABLE and _is_in(error.filename, data_dir()):
        return f"DATA_DIR cannot be used: {error.filename}: {error.strerror}. Choose another: DATA_DIR=…"
    return None


def _is_in(name: object, folder: Path) -> bool:
    path = Path(str(name)).resolve()
    return path.is_relative_to(folder) or folder.is_relative_to(path)
