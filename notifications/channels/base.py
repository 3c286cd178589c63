"""What every channel takes, and how it says that it could not."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Outgoing:
    """One rendered message. `id` stays the same across tries, so that a receiver can drop a second copy."""

    id: str
    to: str
    subject: str
    text: str


class DeliveryError(Exception):
    """The message was not accepted. `reason` is an error class or reply code; text could name people.

    `permanent` means that the same message to the same address would be refused again.
    """

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent


# Hands one message over, with a time-out, without touching the database. Raises DeliveryError.
Channel = Callable[[Outgoing], None]
