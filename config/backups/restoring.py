"""Going back: a base backup in the place of the data, and the log of writes up to a point in time."""

import os
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from config.backups.programs import BackupFailed, run
from config.backups.taking import NAME

TO_RESTORE = "wal-to-restore"
# A segment that is not full yet is there under another name. PostgreSQL works in its data folder.
FETCH = f"cp ../{TO_RESTORE}/%f %p || cp ../{TO_RESTORE}/%f.partial %p"
FIRST = re.compile(r"START WAL LOCATION: .* \(file ([0-9A-F]{24})\)")
SETTINGS = ("restore_command", "recovery_target_time", "recovery_target_action")


def base_before(folder: Path, until: datetime | None) -> Path:
    """Return the latest base backup that was complete by then. Raises BackupFailed when there is none."""
    found = sorted(each for each in folder.glob("base-*") if until is None or _taken_at(each) <= until)
    if not found:
        raise BackupFailed(f"{folder} has no base backup that was complete by {until or 'now'}.")
    return found[-1]


def put_back(*, base: Path, archive: Path, data: Path, until: datetime | None) -> Path | None:
    """Put a base backup where the data of a stopped server is; started, it writes again what came until then.

    Without `until`: all that the archive has. The data that was there is moved aside, and where to is
    returned. Raises BackupFailed for a backup that is not whole, and OSError where there is no room: then
    nothing was moved.
    """
    run("pg_verifybackup", "--quiet", str(base))
    draft, log = data.with_name(f"{data.name}-being-restored"), data.parent / TO_RESTORE
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(base, draft)
    draft.chmod(0o700)
    _copy_log(archive, log, first=_first_segment(base))
    (draft / "recovery.signal").touch()
    with (draft / "postgresql.auto.conf").open("a", encoding="utf-8") as settings:
        settings.writelines(_settings(until))
    _give(data if data.exists() else data.parent, draft, log)
    aside = _moved_aside(data)
    draft.rename(data)
    return aside


def _settings(until: datetime | None) -> Iterator[str]:
    yield f"restore_command = '{FETCH}'\n"
    yield "recovery_target_action = 'promote'\n"
    if until:
        yield f"recovery_target_time = '{until.isoformat()}'\n"


def _taken_at(base: Path) -> datetime:
    try:
        return datetime.strptime(base.name, NAME).replace(tzinfo=UTC)
    except ValueError:
        raise BackupFailed(f"{base} is no base backup of ours: rename it, or move it away.") from None


def _moved_aside(data: Path) -> Path | None:
    if not data.exists():
        return None
    names = (data.with_name(f"{data.name}-before-restore-{number}") for number in range(1, 1000))
    aside = next(name for name in names if not name.exists())
    data.rename(aside)
    return aside


def _first_segment(base: Path) -> str:
    label = (base / "backup_label").read_text(encoding="utf-8")
    found = FIRST.search(label)
    if found is None:
        raise BackupFailed(f"{base}/backup_label does not say where the log of writes begins.")
    return found[1]


def _copy_log(archive: Path, to: Path, *, first: str) -> None:
    """Copy what is needed of the log: the server's account may not be able to read where it is kept."""
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir(mode=0o700)
    for each in archive.iterdir() if archive.exists() else ():
        if each.suffix == ".history" or each.name[8:24] >= first[8:24]:
            shutil.copy2(each, to)


def _give(like: Path, *folders: Path) -> None:
    """Give folders and all that is in them to whoever has another one."""
    owner = like.stat()
    for folder in folders:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, owner.st_uid, owner.st_gid)
