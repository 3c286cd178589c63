"""What every channel takes, what it says when it has handed it over, and how it says that it could not."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Outgoing:
    """One rendered message. `id` stays the same across tries, so that a receiver can drop a second copy.

    `series` does, too, but is another one when somebody has it sent again: that is no second copy.

    `to` is what the channel calls an address: an e-mail address, a number in international form, or the JSON
    of a push.Subscription or of a webhook.Endpoint. Nothing here but `to` may be personal.
    """

    id: str
    to: str
    subject: str
    text: str
    html: str = ""  # the same words; mail programs that cannot show it show `text`
    language: str = ""  # of the words; "": English
    sender: str = ""  # the name that an e-mail comes from; "": the neutral one, as callers get it
    series: str = ""  # a UUID; "": the id
    kind: str = ""
    link: str = ""  # opens what it is about
    reference: str = ""
    level: str = ""
    again: str = ""  # of an alert that is repeated: which one it is, and since when somebody waits
    spoken: str = ""  # what a call says instead of the words for an alert
    answer_to: str = ""  # our address for a key pressed in a call, or a button on a push message
    topic: str = ""  # what it replaces on a phone: an earlier one of the same topic
    patience: float = 60.0  # seconds that a try may take, where its channel does not have less
    useful_for: int = 4 * 60 * 60  # seconds; a provider that could not deliver it until then gives up
    queued_at: datetime | None = None
    tried_at: datetime | None = None  # now, by the database's clock: that of the process may be wrong
    maybe_taken_at: datetime | None = None  # when an earlier try began that may have been taken

    @property
    def idempotency_key(self) -> str:
        """Return what a provider knows a second try by."""
        return self.series or self.id

    @property
    def now(self) -> float:
        """Return what time it is, in seconds since 1970, for whoever judges by it how old this is."""
        return self.tried_at.timestamp() if self.tried_at else time.time()


@dataclass(frozen=True)
class Handed:
    """It has been taken. `provider_id` is what the provider calls it in receipts, "" if it does not say."""

    provider_id: str = ""


class DeliveryError(Exception):
    """The message was not accepted. `reason` is an error class or reply code; text could name people.

    `permanent`: the same message to the same address would be refused again. `retry_after`: the seconds after
    which the provider will listen again. `ambiguous`: it may have been taken, nobody knows; another try of it
    has to say so (Outgoing.maybe_taken_at).
    """

    def __init__(
        self, reason: str, *, permanent: bool, retry_after: float | None = None, ambiguous: bool = False
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.retry_after = retry_after
        self.ambiguous = ambiguous


class AddressGone(DeliveryError):
    """Nobody is there any more, or never was: whoever keeps this address should stop using it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, permanent=True)


class Stopped(DeliveryError):
    """The recipient told the provider to stop. That is a wish of theirs, and beats everything of ours."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, permanent=True)


# Hands one message over, within a deadline for all of it, without the database. Raises DeliveryError.
Channel = Callable[[Outgoing], Handed]
