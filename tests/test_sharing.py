"""The processes of one run share two servers, and nothing on them."""

import os

from django.conf import settings
from django.core.cache import cache
from django.db import connection


def test_this_process_has_a_broker_a_cache_and_folders_of_its_own() -> None:
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw-1").removeprefix("gw")) + 1
    assert settings.CELERY_BROKER_URL.endswith(f"/{2 * number}")
    assert cache._cache.get_client().connection_pool.connection_kwargs["db"] == 2 * number + 1
    assert settings.DATA_DIR.parent.name == f"worker-{number}"


def test_this_process_has_a_database_of_its_own(db: None) -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    assert connection.settings_dict["NAME"].endswith(worker)
