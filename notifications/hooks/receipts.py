"""What became of a message, as its provider reports it. Pure: nothing is stored here."""

from dataclasses import dataclass
from enum import StrEnum


class ReceiptState(StrEnum):
    ON_ITS_WAY = "ON_ITS_WAY"  # the provider has passed it on, or tries again later
    DELIVERED = "DELIVERED"  # on the person's phone or in their mailbox; of a call: it was picked up
    READ = "READ"  # opened, or answered
    FAILED = "FAILED"  # it did not arrive; the address may be right
    GONE = "GONE"  # it did not arrive, and nothing ever will at this address
    STOPPED = "STOPPED"  # the recipient wants nothing more from us: beats everything

    @property
    def is_bad_news(self) -> bool:
        return self in {ReceiptState.FAILED, ReceiptState.GONE, ReceiptState.STOPPED}


@dataclass(frozen=True, slots=True)
class Receipt:
    """One report. `provider_id` is that of channels.base.Handed; `message` is ours, if the report carries it.

    `reason` is a code or a class, never text. Reports come twice and out of order.
    """

    provider_id: str
    state: ReceiptState
    reason: str = ""
    message: str = ""


class Unreadable(ValueError):
    """It was theirs, and still it makes no sense. The message never repeats what was sent."""
