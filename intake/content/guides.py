"""The guides that ship. Staff edit new versions in the database."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

SHIPPED_DIR = Path(__file__).with_name("guides")


@lru_cache(maxsize=1)
def shipped_guides() -> tuple[dict[str, Any], ...]:
    """Return the fields of every shipped guide, by the names of the model Guide."""
    return tuple(
        yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(SHIPPED_DIR.glob("*.yaml"))
    )
