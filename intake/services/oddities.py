"""How often what was odd: counters for those who watch, in the cache, so that all processes share them."""

from collections.abc import Sequence

from django.core.cache import cache

from intake.services.budgets import ADDRESS_BUDGET, FORM_BUDGET, NOT_COUNTED, counters
from intake.services.proof import PROOF_REPLAYED, PROOF_WRONG, PROVED
from intake.services.screening import HAS_LINK, HONEYPOT, NO_TRAP, TOO_FAST

FLAGS = (
    HONEYPOT,
    TOO_FAST,
    NO_TRAP,
    HAS_LINK,
    ADDRESS_BUDGET,
    FORM_BUDGET,
    NOT_COUNTED,
    PROVED,
    PROOF_WRONG,
    PROOF_REPLAYED,
)


def note_odd(flags: Sequence[str]) -> list[str]:
    """Count each flag of one enquiry, and return them."""
    if flags:
        counters().tally([_key(flag) for flag in flags])
    return list(flags)


def odd_counts() -> dict[str, int]:
    """Return how often each flag was given since the cache was last emptied."""
    found = cache.get_many([_key(flag) for flag in FLAGS])
    return {flag: int(found.get(_key(flag), 0)) for flag in FLAGS}


def _key(flag: str) -> str:
    return f"odd:{flag}"
