"""How leads are worked: where they came from, set aside, many at once, returned."""

from django.db.models import TextChoices


class PauseKind(TextChoices):
    """How a lead is set aside for a while: with its clock standing still, or running on."""

    CLOCK = "CLOCK", "Clock stopped"
    SNOOZE = "SNOOZE", "Snoozed"


class PauseReason(TextChoices):
    """Why a lead is set aside."""

    ASKED_LATER = "ASKED_LATER", "They asked for another time"
    WAITS_FOR_OTHERS = "WAITS_FOR_OTHERS", "It waits for somebody else's answer"
    NOT_SAFE_NOW = "NOT_SAFE_NOW", "They cannot be contacted safely before"
    TRY_AGAIN = "TRY_AGAIN", "Nobody answered: try again later"

    @property
    def stops_the_clock(self) -> bool:
        """Return whether it may stop the clock: that nobody answers is no reason to."""
        return self != PauseReason.TRY_AGAIN


class BulkAction(TextChoices):
    """What can be done to many leads at once. Each has a service of its own (crm.services.bulk)."""

    ASSIGN = "ASSIGN", "Assign"
    TAG = "TAG", "Tag"
    UNTAG = "UNTAG", "Take a tag off"
    SNOOZE = "SNOOZE", "Snooze"
    CLOSE = "CLOSE", "Close"


class EndOfLease(TextChoices):
    """Why a lead went back to its queue without its holder giving it back."""

    RAN_OUT = "RAN_OUT", "No attempt was logged in time."
    SIGNED_OUT = "SIGNED_OUT", "They signed out."
    SHIFT_ENDED = "SHIFT_ENDED", "Their shift ended."
    AWAY = "AWAY", "They were marked as away."


class LeadChannel(TextChoices):
    WEB = "WEB", "Web form"
    REFERRAL = "REFERRAL", "Professional referral"
    API = "API", "API"
    PHONE = "PHONE", "Phone"
    IMPORT = "IMPORT", "Imported list"
