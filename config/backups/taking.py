"""Taking backups while everything runs."""

import os
import shutil
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from config.backups.programs import address, program, run

NAME = "base-%Y%m%dT%H%M%S.%fZ"
ARCHIVE = "archive"
PAUSE = 5  # seconds
SEGMENT = "SELECT setting::bigint FROM pg_settings WHERE name = 'wal_segment_size'"  # bytes
STREAMING = "SELECT 1 FROM pg_stat_replication WHERE application_name = 'pg_receivewal'"


def keep_log(url: str, folder: Path) -> tuple[list[str], dict[str, str]]:
    """Return command and environment of what writes the log of writes into a folder, until it is stopped.

    Each write is on disk there before the next. A lost connection is tried again every five seconds. So is
    the first one: after a power cut both may start at once.
    """
    archive = folder / ARCHIVE
    archive.mkdir(mode=0o700, parents=True, exist_ok=True)
    _clear_half_made(archive, segment=_segment_of(url))
    to, environment = address(url)
    return [program("pg_receivewal"), "--directory", str(archive), "--synchronous", *to], environment


def take_base(url: str, folder: Path) -> Path:
    """Copy the whole server as it is now, check every file, and return where the copy is.

    It is good by itself: it holds the log of what was written meanwhile. Raises BackupFailed; then nothing
    with the name of a backup is there.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / "base.part"
    shutil.rmtree(draft, ignore_errors=True)
    to, environment = address(url)
    how = ("--checkpoint", "fast", "--wal-method", "stream", *to)
    run("pg_basebackup", "--pgdata", str(draft), *how, env=environment)
    run("pg_verifybackup", "--quiet", str(draft))
    done = folder / _after(url).strftime(NAME)
    draft.rename(done)
    os.sync()
    return done


def is_log_kept(url: str) -> bool:
    """Return whether something receives the log of writes now."""
    with psycopg.connect(url, connect_timeout=5) as connection:
        return connection.execute(STREAMING).fetchone() is not None


def _clear_half_made(archive: Path, *, segment: int) -> None:
    """Remove a file that was being filled with zeros when the program was killed: it stops at one for ever.

    Such a file holds no writes yet: they come when it has the size of a segment.
    """
    for part in archive.glob("*.partial"):
        if part.stat().st_size not in (0, segment):
            part.unlink()


def _segment_of(url: str) -> int:
    """Return the bytes of a segment of the log, as soon as the server answers."""
    while True:
        try:
            with psycopg.connect(url, connect_timeout=5) as connection:
                (size,) = connection.execute(SEGMENT).fetchone() or ()
                return int(size)
        except psycopg.OperationalError as error:
            sys.stderr.write(f"The database does not answer yet ({type(error).__name__}).\n")
            time.sleep(PAUSE)


def _after(url: str) -> datetime:
    """Return from when on the copy can be gone back to, by the database's clock."""
    with psycopg.connect(url, connect_timeout=5) as connection:
        (at,) = connection.execute("SELECT clock_timestamp()").fetchone() or ()
    complete: datetime = at.astimezone(UTC)
    return complete
