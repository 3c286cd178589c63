"""Primary keys and references that are the same in every run of the demo."""

from datetime import datetime
from random import Random
from uuid import UUID


def id_at(moment: datetime, rng: Random, order: int = 0) -> UUID:
    """Return a UUID of version 7 made at `moment`; `order` sorts those of one millisecond (RFC 9562, 6.2)."""
    milliseconds = int(moment.timestamp() * 1000)
    value = milliseconds << 80 | 0x7 << 76 | (order & 0xFFF) << 64 | 0x2 << 62 | rng.getrandbits(62)
    return UUID(int=value)
