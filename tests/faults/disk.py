"""A disk of its own for PostgreSQL, small enough to be filled: a tmpfs, which says ENOSPC as any other does.

A limit on the size of files would not do: PostgreSQL meets that with another error, and its log of writes
(WAL) never grows beyond files of 16 MB. Mounting needs root; without it the fault is skipped, and says so.
"""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Self

import pytest

from config.servers.running import RunningServer

MEGABYTE = 1024 * 1024
SPARE = 512 * MEGABYTE  # beyond what is there already; the log of a minute of load stays (wal_keep_size)


class SmallDisk:
    """While its block runs, the server's data are on it; afterwards they are where they were."""

    def __init__(self, running: RunningServer) -> None:
        self.running = running
        self.data: Path = running.server.folder / "data"
        self.ballast = self.data / "ballast"

    def __enter__(self) -> Self:
        self.running.stop()
        before = self.data.with_name("data-before")
        self.data.rename(before)
        self.data.mkdir()
        try:
            self._mount(_size(before) + SPARE, owner=before.stat())
        except subprocess.CalledProcessError as error:
            self.data.rmdir()
            before.rename(self.data)
            self.running.start()
            pytest.skip(f"no right to mount a small disk here: {error.stderr.strip()}")
        _copy(before, self.data)
        shutil.rmtree(before)
        self.running.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.running.stop()
        self.ballast.unlink(missing_ok=True)
        after = self.data.with_name("data-after")
        after.mkdir()
        _copy(self.data, after)
        subprocess.run(["umount", str(self.data)], check=True)
        self.data.rmdir()
        after.rename(self.data)
        self.running.start()

    def fill(self) -> None:
        """Leave not one byte."""
        with self.ballast.open("wb", buffering=0) as file:
            while self.free():
                try:
                    file.write(bytes(min(MEGABYTE, self.free() or 1)))
                except OSError:
                    continue  # PostgreSQL was quicker

    def make_room(self) -> None:
        self.ballast.unlink()

    def free(self) -> int:
        """Return how many bytes are left."""
        return shutil.disk_usage(self.data).free

    def _mount(self, size: int, *, owner: os.stat_result) -> None:
        options = f"size={size},mode=0700,uid={owner.st_uid},gid={owner.st_gid}"
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(self.data)]
        subprocess.run(command, check=True, capture_output=True, text=True)


def _size(folder: Path) -> int:
    return sum(path.stat().st_blocks * 512 for path in folder.rglob("*"))


def _copy(source: Path, target: Path) -> None:
    subprocess.run(["cp", "--archive", f"{source}/.", str(target)], check=True)
