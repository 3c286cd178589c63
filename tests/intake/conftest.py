"""Each test begins as a new process does: nothing has been read from the database yet."""

import pytest

from intake import frame, selectors


@pytest.fixture(autouse=True)
def _no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame._Memory, "latest", None)
    monkeypatch.setattr(selectors._Known, "phone", "")
