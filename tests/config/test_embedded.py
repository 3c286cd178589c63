"""Finding the embedded servers, and saying so when they are not there."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from config.embedded import (
    ServiceUrls,
    announce_services,
    data_dir,
    embedded_port,
    service_urls,
    why_unreachable,
    withdraw_services,
)
from config.servers.ports import free_port

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(autouse=True)
def _nothing_given(monkeypatch):
    for name in ("DATABASE_URL", "REDIS_URL", "DATA_DIR"):
        monkeypatch.delenv(name)


def test_announced_servers_are_found(tmp_path):
    announce_services(
        tmp_path, {"database": "postgresql://a:b@127.0.0.1:20001/c", "redis": "redis://:d@127.0.0.1:2"}
    )
    assert service_urls(tmp_path).database == "postgresql://a:b@127.0.0.1:20001/c"
    assert embedded_port(tmp_path, "database") == 20001


def test_announcement_holds_passwords_and_is_private(tmp_path):
    announce_services(tmp_path, {"redis": "redis://:secret@127.0.0.1:2"})
    assert stat.S_IMODE((tmp_path / "services.json").stat().st_mode) == 0o600


def test_given_addresses_come_first(tmp_path, monkeypatch):
    announce_services(tmp_path, {"database": "postgresql:///embedded", "redis": "redis://embedded"})
    monkeypatch.setenv("DATABASE_URL", "postgresql:///real")
    assert service_urls(tmp_path) == ServiceUrls("postgresql:///real", "redis://embedded")


def test_withdrawn_servers_are_nowhere(tmp_path):
    announce_services(tmp_path, {"redis": "redis://embedded"})
    withdraw_services(tmp_path)
    withdraw_services(tmp_path)
    assert service_urls(tmp_path) == ServiceUrls()
    assert embedded_port(tmp_path, "redis") is None


def test_data_dir_is_absolute_and_defaults_to_the_repository(monkeypatch):
    assert data_dir() == ROOT / ".data"
    monkeypatch.setenv("DATA_DIR", "elsewhere")
    assert data_dir() == Path.cwd() / "elsewhere"


def test_reason_is_given_when_nothing_runs(tmp_path):
    assert "make run" in (why_unreachable(tmp_path) or "")


def test_reason_is_given_for_a_server_that_was_killed(tmp_path):
    announce_services(tmp_path, {"database": f"postgresql://a@127.0.0.1:{free_port()}/b"})
    assert "not running" in (why_unreachable(tmp_path) or "")


def test_no_reason_is_made_up_for_a_real_server(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/x")
    assert why_unreachable(tmp_path) is None


def test_command_by_hand_says_how_to_start_the_servers(tmp_path):
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", "showmigrations"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(f"The embedded PostgreSQL of {tmp_path} is not running.")
    assert "Traceback" not in done.stderr
