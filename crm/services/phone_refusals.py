"""How many messages were refused because of their signature, their age or their repetition."""

from typing import Any, cast

import structlog
from django.core.cache import cache

from crm.models import PhoneLine

log = structlog.get_logger(__name__)

FORGED, STALE, REPLAYED = "FORGED", "STALE", "REPLAYED"
NO_SECRET, BAD_SECRET = "NO_SECRET", "BAD_SECRET"
REASONS = (FORGED, STALE, REPLAYED, NO_SECRET, BAD_SECRET)


def note_refusal(*, line: PhoneLine, reason: str) -> None:
    """Count one refusal and say so in the log: of which line and why, and nothing of what was sent."""
    cast("Any", cache).tally([_key(reason)])
    log.warning("phone_event_refused", line=str(line.pk), reason=reason)


def refusal_counts() -> dict[str, int]:
    """Return how many were refused for which reason since the cache was last emptied."""
    found = cache.get_many([_key(reason) for reason in REASONS])
    return {reason: int(found.get(_key(reason), 0)) for reason in REASONS}


def _key(reason: str) -> str:
    return f"phone-refused:{reason}"
