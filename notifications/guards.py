"""Who may be written to. This leaf knows nobody, so whoever knows people says it: the desk, for callers.

Asked when a message is queued and again when it is sent, because what is safe changes in between.
"""

from collections.abc import Callable
from uuid import UUID

from notifications.enums import Audience

Guard = Callable[[str, UUID | None], None]  # the address, and what the message is about

_GUARDS: dict[Audience, Guard] = {}


class NotSafeToSend(Exception):
    """The person did not say that this address is safe, has asked us to stop, or has not agreed to hear."""


def guard(audience: Audience, check: Guard) -> None:
    """Ask `check` about every message to an audience; it raises NotSafeToSend."""
    _GUARDS[audience] = check


def check_is_safe(audience: Audience, *, to: str, about: UUID | None) -> None:
    """Raise NotSafeToSend for a message that must not go out. Callers are never written to unguarded."""
    check = _GUARDS.get(audience)
    if check:
        check(to, about)
    elif audience == Audience.CALLER:
        raise NotSafeToSend("Nobody can say whether this is safe.")
