"""The idempotency key that a form carries."""

from uuid import UUID, uuid4

from django.http import QueryDict


def new_key() -> str:
    return str(uuid4())


def with_key(posted: QueryDict) -> QueryDict:
    """Return the posted data with a usable key, also for a form that lost its own.

    UUID() reads one with any number of dashes; the column holds the usual form.
    """
    posted = posted.copy()
    try:
        posted["idempotency_key"] = str(UUID(posted.get("idempotency_key", "")))
    except ValueError:
        posted["idempotency_key"] = new_key()
    return posted
