from collections.abc import Iterator

import pytest

from tests.jobs import bodies


@pytest.fixture(autouse=True)
def _forget_bodies() -> Iterator[None]:
    bodies.during.clear()
    bodies.sent.clear()
    yield
    bodies.during.clear()
