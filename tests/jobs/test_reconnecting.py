"""Work on a connection that died while nobody used it."""

import time

import pytest
from django.db import OperationalError, connection, transaction

from jobs.clock import database_now
from jobs.reconnecting import LONGEST, on_live_connection

pytestmark = pytest.mark.django_db(transaction=True)


def kill_own_connection() -> None:
    with pytest.raises(OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def test_a_dead_connection_is_replaced() -> None:
    kill_own_connection()
    assert on_live_connection(database_now) is not None


def test_several_dead_connections_are_all_used_up() -> None:
    deaths = iter(range(5))

    def work() -> str:
        if next(deaths, None) is not None:
            kill_own_connection()
            database_now()
        return "done"

    assert on_live_connection(work) == "done"


def test_a_database_that_is_away_is_said_to_be_away_at_once() -> None:
    port = connection.settings_dict["PORT"]
    connection.close()
    connection.settings_dict["PORT"] = "9"
    began = time.monotonic()
    try:
        with pytest.raises(OperationalError):
            on_live_connection(database_now)
    finally:
        connection.close()
        connection.settings_dict["PORT"] = port
    assert time.monotonic() - began < LONGEST


def test_nothing_is_repeated_inside_a_transaction() -> None:
    runs = []

    def work() -> None:
        runs.append(1)
        raise OperationalError("gone")

    with pytest.raises(OperationalError), transaction.atomic():
        on_live_connection(work)
    assert len(runs) == 1


def test_other_errors_are_not_repeated() -> None:
    runs = []

    def work() -> None:
        runs.append(1)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        on_live_connection(work)
    assert len(runs) == 1
