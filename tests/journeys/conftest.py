"""The front door and somebody in the middle of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings

from crm.models import Site
from tests.journeys.front_door import Visitor, a_centre, a_visitor
from tests.notifications.conftest import serve, twilio
from tests.servers import NOWHERE

__all__ = ["serve", "twilio"]  # providers on loopback


@pytest.fixture
def centre(site: Site) -> Site:
    return a_centre(site)


@pytest.fixture
def visitor(centre: Site) -> Visitor:
    return a_visitor(centre)


@pytest.fixture
def no_cache(settings: Any) -> Iterator[None]:
    """A cache and a broker that nobody answers for."""
    caches = {"default": settings.CACHES["default"] | {"LOCATION": NOWHERE}}
    with override_settings(CACHES=caches, CELERY_BROKER_URL=NOWHERE):
        yield


@contextmanager
def database_away() -> Iterator[None]:
    """Nobody listens where the database should be."""
    port = connection.settings_dict["PORT"]
    connection.close()
    connection.settings_dict["PORT"] = "9"
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["PORT"] = port
