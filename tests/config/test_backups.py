"""make archive, make backup and make restore, for real: a PostgreSQL is backed up, and goes back."""

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings

from config.backups.taking import ARCHIVE, STREAMING
from config.embedded import announce_services, withdraw_services
from config.run.lock import run_lock
from config.servers.ports import free_port
from config.servers.postgres import Postgres
from config.servers.running import RunningServer
from tests.processes import Process, wait_until

STREAMED = """
    SELECT 1 FROM pg_stat_replication
    WHERE application_name = 'pg_receivewal' AND flush_lsn >= %s::pg_lsn
"""
OUTSIDE = (
    "DATABASE_URL",
    "REDIS_URL",
    "UNTIL",
    "PGDATA",
    "PG_PROGRAMS",
)  # what the run of the tests may have set
DEV = "config.settings.dev"


class Place:
    """A DATA_DIR with its embedded PostgreSQL, as make run leaves one, and a folder for backups."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.backups = folder / "data", folder / "backups"
        password = secrets.token_hex(8)
        (self.folder / "keys").mkdir(parents=True, mode=0o711)
        self.folder.chmod(0o711)
        (self.folder / "keys" / "postgres-password").write_text(password)
        server = Postgres(folder=self.folder / "postgres", port=free_port(), password=password)
        self.server = RunningServer(server, log=folder / "postgres.log")
        self.archive = Process("archive", self.command("archive"), env=self.environment, folder=folder)

    @property
    def environment(self) -> dict[str, str]:
        own = {"DATA_DIR": str(self.folder), "BACKUP_DIR": str(self.backups)}
        return {**os.environ, **dict.fromkeys(OUTSIDE, ""), **own, "DJANGO_SETTINGS_MODULE": DEV}

    def command(self, what: str) -> list[str]:
        return [sys.executable, "-m", "config.backups", what]

    def start(self) -> None:
        self.server.start()
        self.server.server.ensure_database()
        announce_services(self.folder, {"database": self.server.server.url})

    def stop(self) -> None:
        self.server.stop()
        withdraw_services(self.folder)

    def run(self, what: str, **said: str) -> subprocess.CompletedProcess[str]:
        """Do what `make backup` and `make restore` do."""
        environment = self.environment | said
        command = self.command(what)
        return subprocess.run(
            command, cwd=settings.BASE_DIR, env=environment, check=False, capture_output=True, text=True
        )

    def manage(self, *arguments: str) -> None:
        command = [sys.executable, "manage.py", *arguments]
        subprocess.run(command, cwd=settings.BASE_DIR, env=self.environment, check=True, capture_output=True)

    def query(self, statement: str, *values: object) -> list[Any]:
        with psycopg.connect(self.server.server.url, autocommit=True) as connection:
            answer = connection.execute(statement, values)
            return answer.fetchall() if answer.description else []

    def write(self) -> str:
        """Have the database remember something; return by what it is known."""
        mark = secrets.token_hex(8)
        self.query("INSERT INTO mark VALUES (%s)", mark)
        return mark

    def remembered(self) -> set[str]:
        return {str(mark) for (mark,) in self.query("SELECT * FROM mark")}

    def now(self) -> str:
        ((at,),) = self.query("SELECT clock_timestamp()")
        return str(at.isoformat())

    def keep_log(self) -> None:
        wait_until(lambda: not self.query(STREAMING), what="the end of the last one")
        self.archive.start()
        wait_until(lambda: self.query(STREAMING), what="the log of writes")

    def wait_until_kept(self) -> None:
        """Wait until all that was written by now is in the archive."""
        ((upto,),) = self.query("SELECT pg_current_wal_flush_lsn()::text")
        wait_until(lambda: self.query(STREAMED, upto), what="the archive")


@pytest.fixture(scope="module")
def made() -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="threshold-backup-") as folder:
        Path(folder).chmod(0o711)
        place = Place(Path(folder))
        place.start()
        try:
            place.manage("migrate", "--verbosity", "0")
            place.query("CREATE TABLE mark (mark text)")
            yield place
        finally:
            place.archive.kill()
            place.server.stop()


@pytest.fixture
def place(made: Place) -> Iterator[Place]:
    """It runs before each test, and keeps no log of its writes after it."""
    if not made.server.is_alive():
        made.start()
    made.backups = made.backups.with_name(f"backups-{secrets.token_hex(4)}")  # of each test
    made.archive = Process("archive", made.command("archive"), env=made.environment, folder=made.folder)
    yield made
    made.archive.kill()


def test_it_goes_back_to_a_moment_and_what_was_sent_after_it_may_come_twice(place: Place) -> None:
    place.keep_log()
    before = place.write()
    place.manage("send_test_message", "someone@threshold.example")
    taken = place.run("backup")
    assert taken.returncode == 0, taken.stderr
    assert f"Keep a copy of them somewhere else: {place.folder / 'keys'}." in taken.stdout
    assert "Nobody keeps the log" not in taken.stdout
    kept = place.write()
    point = place.now()
    lost = place.write()
    place.wait_until_kept()
    place.stop()

    done = place.run("restore", UNTIL=point)

    assert done.returncode == 0, done.stderr
    assert "1 messages may have been sent after that point in time." in done.stdout
    place.start()
    assert {before, kept} <= place.remembered()
    assert lost not in place.remembered()
    assert place.query("SELECT possible_duplicate FROM notifications_message") == [(True,)]
    for setting in ("restore_command", "recovery_target_time"):
        assert place.query(f"SHOW {setting}") == [("",)]
    assert not (place.folder / "postgres" / "wal-to-restore").exists()
    assert "postgres/data-before-restore-" in done.stdout
    assert place.write() in place.remembered()  # it is a database like any other again


def test_without_a_moment_all_comes_back_that_was_kept(place: Place) -> None:
    place.keep_log()
    assert place.run("backup").returncode == 0
    latest = place.write()
    place.wait_until_kept()
    place.stop()
    assert place.run("restore").returncode == 0
    place.start()
    assert latest in place.remembered()


def test_a_log_that_was_held_up_has_no_hole(place: Place) -> None:
    place.keep_log()
    place.wait_until_kept()
    place.archive.kill()
    for _ in range(3):  # each ends a segment of the log, and may remove those before it
        place.write()
        assert place.run("backup").returncode == 0
    place.keep_log()
    place.wait_until_kept()
    assert "has already been removed" not in place.archive.output()


def test_a_log_that_was_cut_off_while_making_a_file_goes_on(place: Place) -> None:
    place.keep_log()
    place.write()
    place.wait_until_kept()
    place.archive.kill()
    (begun,) = (place.backups / ARCHIVE).glob("*.partial")
    os.truncate(begun, 10 * 1024 * 1024)
    place.write()
    place.keep_log()
    place.wait_until_kept()


def test_after_a_power_cut_it_waits_for_the_database(place: Place) -> None:
    """Both had begun a file, both start at once, and the archive is quicker."""
    place.keep_log()
    place.write()  # so that a file is begun, wherever the test before has ended its own
    place.wait_until_kept()
    place.archive.kill()
    (begun,) = (place.backups / ARCHIVE).glob("*.partial")
    os.truncate(begun, 10 * 1024 * 1024)
    place.archive.env["DATABASE_URL"] = str(place.server.server.url)  # a server of one's own
    place.server.stop()
    place.archive.start()
    wait_until(lambda: "does not answer yet" in place.archive.output(), what="a try")
    assert begun.exists()
    place.server.start()
    wait_until(lambda: place.query(STREAMING), what="the log of writes")
    place.wait_until_kept()


def test_a_backup_is_good_without_a_log_and_says_what_is_missing(place: Place) -> None:
    kept = place.write()
    taken = place.run("backup")
    assert "Nobody keeps the log of writes" in taken.stdout
    lost = place.write()
    place.stop()
    assert place.run("restore").returncode == 0
    place.start()
    assert kept in place.remembered()
    assert lost not in place.remembered()


def test_a_moment_that_the_log_does_not_reach_changes_nothing(place: Place) -> None:
    assert place.run("backup").returncode == 0
    latest = place.write()
    place.stop()
    done = place.run("restore", UNTIL="2100-01-01 00:00:00+00:00")
    assert done.returncode == 1
    assert "Leave UNTIL out" in done.stderr
    assert "Nothing has changed." in done.stderr
    place.start()
    assert latest in place.remembered()


def test_a_backup_with_a_wrong_byte_is_refused_before_anything_is_touched(place: Place) -> None:
    assert place.run("backup").returncode == 0
    (base,) = place.backups.glob("base-*")
    victim = base / "global" / "pg_control"
    content = bytearray(victim.read_bytes())
    content[100] ^= 1
    victim.write_bytes(content)
    latest = place.write()
    place.stop()
    done = place.run("restore")
    assert done.returncode == 1
    assert "pg_verifybackup failed" in done.stderr
    place.start()
    assert latest in place.remembered()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"BACKUP_DIR": ""}, "BACKUP_DIR=/mnt/backup"),
        ({"UNTIL": "2026-11-23 02:15:00"}, "time zone"),
        ({"UNTIL": "yesterday"}, "time zone"),
        ({"UNTIL": "2020-01-01 00:00:00+00:00"}, "no base backup that was complete by"),
    ],
)
def test_what_is_said_wrongly_is_refused_in_words(place: Place, said: dict[str, str], words: str) -> None:
    done = place.run("restore", **said)
    assert (done.returncode, done.stdout) == (1, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_programs_that_are_not_there_are_named(place: Place) -> None:
    done = place.run("backup", PG_PROGRAMS="/nowhere")
    assert "/nowhere/pg_basebackup" in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_is_restored_under_a_running_threshold(place: Place) -> None:
    assert place.run("backup").returncode == 0
    with run_lock(place.folder):
        done = place.run("restore")
    assert "is running on" in done.stderr
    assert place.server.is_alive()


def test_without_the_keys_it_says_so(place: Place) -> None:
    assert place.run("backup").returncode == 0
    secret = place.folder / "keys" / "postgres-password"
    secret.rename(place.folder / "put-aside")
    try:
        assert "put the keys back first" in place.run("restore").stderr
    finally:
        (place.folder / "put-aside").rename(secret)


def test_a_server_of_ones_own_is_made_ready_and_never_under_its_feet(place: Place) -> None:
    assert place.run("backup").returncode == 0
    data = place.server.server.data
    assert "stop Threshold, then PostgreSQL" in place.run("restore", PGDATA=str(data)).stderr
    place.stop()
    done = place.run("restore", PGDATA=str(data))
    assert f"{data} is ready" in done.stdout
    assert "manage.py after_restore" in done.stdout
    place.start()
    recovering = "SELECT pg_is_in_recovery()"
    wait_until(lambda: place.query(recovering) == [(False,)], what="the end of recovery")


def test_the_password_is_in_no_list_of_processes(place: Place) -> None:
    place.keep_log()
    command = Path(f"/proc/{place.archive.pid}/cmdline").read_text()
    assert "pg_receivewal" in command
    assert place.server.server.password not in command


@pytest.mark.parametrize("target", ["archive", "backup", "restore"])
def test_make_does_just_that(target: str) -> None:
    done = subprocess.run(
        ["make", "--dry-run", target], cwd=settings.BASE_DIR, check=True, capture_output=True, text=True
    )
    assert f"-m config.backups {target}" in done.stdout
