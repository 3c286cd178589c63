"""How many enquiries one connection, and one form, may send in a while before a person looks first.

Over budget is a reason for review, never for refusal. The counters are in the cache and nowhere else: while
it is away nobody is counted and everybody is let through.
"""

from collections.abc import Sequence
from typing import Protocol, cast

import structlog
from django.conf import settings
from django.core.cache import cache

log = structlog.get_logger(__name__)

ADDRESS_BUDGET, FORM_BUDGET, NOT_COUNTED = "ADDRESS_BUDGET", "FORM_BUDGET", "NOT_COUNTED"


class Counters(Protocol):
    """What config.cache adds to Django's cache."""

    def tally(self, keys: Sequence[str], *, seconds: int | None = None) -> list[int] | None: ...


def counters() -> Counters:
    return cast("Counters", cache)


def count_enquiry(*, visitor: str, form: str) -> list[str]:
    """Count one enquiry; return as flags what was too many. `visitor` is a key of intake.visitors, or ""."""
    limits = _limits(visitor, form)
    if not limits:
        return []
    counts = counters().tally([key for key, _, _ in limits], seconds=settings.BUDGET_MINUTES * 60)
    if counts is None:
        log.warning("enquiry_not_counted", form=form)
        return [NOT_COUNTED]
    return [flag for (_, flag, most), count in zip(limits, counts, strict=True) if count > most]


def is_over_budget(visitor: str) -> bool:
    """Return whether the next enquiry of this connection is one too many."""
    most = settings.BUDGET_PER_ADDRESS
    return bool(visitor and most) and cache.get(_address_key(visitor), 0) >= most


def _limits(visitor: str, form: str) -> list[tuple[str, str, int]]:
    """Return key, flag and limit of each budget that applies; a limit of 0 is none."""
    limits = [(f"budget:form:{form}", FORM_BUDGET, settings.BUDGET_PER_FORM)]
    if visitor:
        limits.append((_address_key(visitor), ADDRESS_BUDGET, settings.BUDGET_PER_ADDRESS))
    return [limit for limit in limits if limit[2]]


def _address_key(visitor: str) -> str:
    return f"budget:address:{visitor}"
