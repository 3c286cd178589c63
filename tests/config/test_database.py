"""What a web process makes of a database that goes away and comes back."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy

import pytest
from django.db import OperationalError, connection

from config.database import base
from config.database.base import LOOK_AGAIN, DatabaseWrapper, loss
from config.servers.ports import free_port

WAITS = 2.0  # seconds of the pool in this test


@pytest.fixture
def web(db: None) -> Iterator[DatabaseWrapper]:
    """A connection as a web process has it, to the test's database."""
    settings = deepcopy(connection.settings_dict)
    settings["CONN_MAX_AGE"], settings["CONN_HEALTH_CHECKS"] = 0, False
    settings["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 2, "timeout": WAITS}
    wrapper = DatabaseWrapper(settings, alias="default")
    wrapper.inc_thread_sharing()
    yield wrapper
    wrapper.close()
    wrapper.close_pool()
    loss.forget()


@contextmanager
def away(web: DatabaseWrapper) -> Iterator[None]:
    """Put the database where nobody finds it."""
    web.close()
    web.close_pool()
    port, web.settings_dict["PORT"] = web.settings_dict["PORT"], str(free_port())
    try:
        yield
    finally:
        web.settings_dict["PORT"] = port


def ask(web: DatabaseWrapper) -> float:
    """Ask something and return how long that took. Raises OperationalError."""
    began = time.monotonic()
    with web.cursor() as cursor:
        cursor.execute("SELECT 1")
    return time.monotonic() - began


def refused_after(web: DatabaseWrapper) -> float:
    began = time.monotonic()
    with pytest.raises(OperationalError):
        ask(web)
    return time.monotonic() - began


def test_only_the_first_who_asks_waits_for_a_database_that_is_away(web: DatabaseWrapper) -> None:
    with away(web):
        assert refused_after(web) >= WAITS
        assert max(refused_after(web) for _ in range(20)) < WAITS


def test_whoever_looks_again_does_not_wait_for_the_pool(web: DatabaseWrapper) -> None:
    with away(web):
        refused_after(web)
        time.sleep(LOOK_AGAIN)
        assert refused_after(web) < WAITS
        assert refused_after(web) < WAITS


def test_a_database_that_is_back_is_used_within_a_second(
    web: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(web)
    with away(web):
        refused_after(web)
    with monkeypatch.context() as changed:
        changed.setattr(base, "LOOK_AGAIN", 60.0)  # however slow this machine is
        assert refused_after(web) < WAITS
    time.sleep(LOOK_AGAIN)
    ask(web)
    assert not loss.is_known


def test_a_query_that_fails_is_no_loss_of_the_database(web: DatabaseWrapper) -> None:
    with pytest.raises(Exception, match="nonsense"), web.cursor() as cursor:
        cursor.execute("SELECT nonsense")
    ask(web)
    assert not loss.is_known
