"""What is wrong with a setting, a disk or a server is one sentence; what is wrong with us, a traceback."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management.base import CommandError
from django.db import OperationalError, ProgrammingError
from django.db.migrations.recorder import MigrationRecorder
from psycopg.errors import DeadlockDetected, DiskFull, UndefinedFunction, UndefinedTable

from config.why import explained, why
from vault.checks import check_keys

ROOT = Path(__file__).resolve().parent.parent.parent
NOBODY_THERE = "postgresql://x:the-password@127.0.0.1:1/x"


def said(*command: str, **environment: str) -> str:
    """Return what a command that ends with an error has printed."""
    known = {"PATH": os.environ["PATH"], "DATA_DIR": os.environ["DATA_DIR"], "DATABASE_URL": NOBODY_THERE}
    ran = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=known | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1, ran.stdout
    return ran.stderr


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("MFA_REQUIRED", "maybe", "MFA_REQUIRED must be on or off, not 'maybe'."),
        ("CANARY_MINUTES", "five", "CANARY_MINUTES must be a whole number, not 'five'."),
        ("METRICS_ALLOWED", "here", "METRICS_ALLOWED must be a list such as 10.1.0.0/16,::1, not 'here'."),
        (
            "DATABASE_URL",
            "mysql:abc",
            "DATABASE_URL must be such as postgresql://user:password@host:5432/name.",
        ),
        ("REDIS_URL", "localhost", "REDIS_URL must be such as redis://:password@host:6379."),
        ("REDIS_URL", "unix:///run/x", "REDIS_URL must be such as redis://:password@host:6379."),
    ],
)
def test_a_wrong_setting_stops_a_command_with_one_sentence(setting, value, sentence):
    assert said("manage.py", "reconcile", **{setting: value}) == f"{sentence}\n"


def test_redis_url_is_not_looked_at_where_nothing_uses_it():
    apart = {"BROKER_URL": "redis://127.0.0.1:1/0", "CACHE_URL": "redis://127.0.0.1:1/1"}
    assert said("manage.py", "reconcile", REDIS_URL="none", **apart).startswith("No connection to PostgreSQL")


def test_a_backup_names_a_setting_that_cannot_be_read():
    sentence = said("-m", "config.backups", "backup", BACKUP_DIR_FILE="/nowhere/dir")
    assert sentence == "BACKUP_DIR_FILE is /nowhere/dir, which cannot be read: No such file or directory.\n"


def test_production_asks_for_what_it_lacks():
    production = {"DJANGO_SETTINGS_MODULE": "config.settings.production"}
    assert (
        said("manage.py", "check", **production)
        == "Set SECRET_KEY, or SECRET_KEY_FILE to a file that holds it.\n"
    )


def test_a_server_that_is_not_there_is_named_without_its_password():
    sentence = said("manage.py", "reconcile")
    assert sentence.startswith("No connection to PostgreSQL; is DATABASE_URL right, and does it run?")
    assert "127.0.0.1" in sentence
    assert "the-password" not in sentence
    assert "Traceback" not in sentence


@pytest.mark.parametrize("port", ["eighty", "0", "70000"])
def test_a_run_refuses_a_port_that_is_none(port):
    assert said("-m", "config.run", PORT=port).startswith("PORT must be")


def test_a_data_dir_that_is_a_file_is_named(tmp_path):
    (tmp_path / "file").touch()
    sentence = said("-m", "config.run", DATA_DIR=str(tmp_path / "file" / "data"))
    assert sentence.startswith("DATA_DIR cannot be used")
    assert "Traceback" not in sentence


def because(cause: Exception, error: type[Exception]) -> Exception:
    try:
        raise error("words of PostgreSQL") from cause
    except error as raised:
        return raised


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (because(DiskFull(), OperationalError), "its disk is full"),
        (OSError(errno.ENOSPC, "No space left", "/data/mail/x"), "/data/mail/x could not be written"),
        (CommandError("Nobody has that address."), "Nobody has that address."),
    ],
)
def test_what_people_can_mend_is_said(error, words):
    assert words in (why(error) or "")


@pytest.mark.parametrize(
    "error",
    [
        because(UndefinedFunction(), ProgrammingError),
        because(DeadlockDetected(), OperationalError),
        PermissionError(errno.EACCES, "Permission denied", "/somewhere/else"),
        KeyError("ours"),
    ],
)
def test_what_needs_a_developer_keeps_its_traceback(error):
    assert why(error) is None


@pytest.mark.django_db
def test_a_missing_table_is_explained_only_while_migrations_wait(monkeypatch):
    missing = because(UndefinedTable(), ProgrammingError)
    assert why(missing) is None
    MigrationRecorder.Migration.objects.filter(app="jobs").delete()
    assert (why(missing) or "").startswith("The database is not prepared yet")
    monkeypatch.setattr(sys, "argv", ["manage.py", "migrate"])
    assert why(missing) is None


def test_whoever_asks_for_the_traceback_gets_it(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["manage.py", "reconcile", "--traceback"])
    with pytest.raises(CommandError), explained():
        raise CommandError("Nobody has that address.")


def test_keys_that_nobody_can_read_are_found_before_the_start(settings):
    assert check_keys() == []
    settings.VAULT_KEYSETS = "rubbish"
    assert [each.id for each in check_keys()] == ["vault.E001"]
