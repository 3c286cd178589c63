"""Secrets that a machine makes for itself."""

import stat
from concurrent.futures import ThreadPoolExecutor
from itertools import count

from config.dev_secrets import dev_secret


def test_secret_is_made_once_and_kept(tmp_path):
    numbers = map(str, count())
    assert dev_secret(tmp_path, "key", lambda: next(numbers)) == "0"
    assert dev_secret(tmp_path, "key", lambda: next(numbers)) == "0"


def test_secret_is_private(tmp_path):
    dev_secret(tmp_path, "key", lambda: "x")
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "keys" / "key").stat().st_mode) == 0o600


def test_processes_that_start_at_once_agree(tmp_path):
    numbers = map(str, count())
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: dev_secret(tmp_path, "key", lambda: next(numbers)), range(40)))
    assert len(found) == 1
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["key"]
