"""Each test begins as a new process does: nothing has been read from the database yet."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import override_settings

from intake import frame
from intake.selectors import lines, site
from tests.servers import NOWHERE


@pytest.fixture(autouse=True)
def _no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame._Memory, "latest", None)
    monkeypatch.setattr(site._Known, "phone", "")
    monkeypatch.setattr(lines._Known, "words", {})


@pytest.fixture
def budgets(settings: Any) -> Iterator[None]:
    """Small budgets, nothing counted yet: three enquiries a connection, six a form."""
    settings.BUDGET_PER_ADDRESS, settings.BUDGET_PER_FORM, settings.BUDGET_MINUTES = 3, 6, 60
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def no_cache(settings: Any) -> Iterator[None]:
    """A cache that nobody answers for."""
    with override_settings(CACHES={"default": settings.CACHES["default"] | {"LOCATION": NOWHERE}}):
        yield
