"""Primary keys that sort by time: UUID version 7 (RFC 9562, section 5.7)."""

import os
import time
from uuid import UUID


def uuid7() -> UUID:
    """Return a UUID whose first 48 bits are milliseconds since 1970 and whose other bits are random."""
    milliseconds = time.time_ns() // 1_000_000
    value = milliseconds << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)
