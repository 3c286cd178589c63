"""Calls and texts, as a phone system tells us of them."""

from django.db.models import TextChoices


class PhoneProvider(TextChoices):
    """Who tells us of calls and texts, and so how it signs them."""

    TWILIO = "TWILIO", "Twilio"
    SIGNED = "SIGNED", "Another one, signed as Standard Webhooks say"


class CallDirection(TextChoices):
    IN = "IN", "They rang"
    OUT = "OUT", "We rang"


class CallState(TextChoices):
    RINGING = "RINGING", "Ringing"
    MISSED = "MISSED", "Not answered"
    CONNECTED = "CONNECTED", "Answered"

    @property
    def rank(self) -> int:
        """A call only ever moves up, in whatever order its events arrive."""
        return list(CallState).index(self)


class CallEnding(TextChoices):
    """What came of a missed call. PAIRED is written by the product, the rest by a person."""

    PAIRED = "PAIRED", "Spoken with later"
    ENQUIRY = "ENQUIRY", "Taken down as an enquiry"
    REACHED = "REACHED", "Reached in another way"
    GAVE_UP = "GAVE_UP", "Called back, nobody answered"
    NOT_SAFE = "NOT_SAFE", "Calling back is not safe"
    NOT_AN_ENQUIRY = "NOT_AN_ENQUIRY", "Wrong number, or not an enquiry"


class TextKeyword(TextChoices):
    STOP = "STOP", "Stop contacting me"
    START = "START", "You may contact me again"
