"""How reports group leads, and what they say of a promise."""

from django.db.models import TextChoices


class CohortGrain(TextChoices):
    """How a report groups enquiries by the time at which they came."""

    WEEK = "week", "By week"
    MONTH = "month", "By month"


class FigureGroup(TextChoices):
    """Which leads a report's figure is about."""

    CONVERSION = "conversion", "Enquiries"
    EMERGENCY = "emergency", "Emergencies"
    COUNTED = "counted", "Enquiries and emergencies"
    REVIEW = "review", "In review"
    DROPPED = "dropped", "Duplicates and not an enquiry"
    EVERY = "every", "All leads"


class PromiseState(TextChoices):
    """What became of the promise to call by a certain time."""

    KEPT = "KEPT", "spoken with in time"
    LATE = "LATE", "spoken with too late"
    BROKEN = "BROKEN", "not reached although the promised time has passed"
    RUNNING = "RUNNING", "not reached yet, the promised time is still to come"


class StepsNeeded(TextChoices):
    """How far an alert went before it ended."""

    FIRST = "FIRST", "First step"
    SECOND = "SECOND", "Second step"
    LATER = "LATER", "Third step or later"
    REPEATED = "REPEATED", "After the last step was repeated"


class Duty(TextChoices):
    """On what duty somebody was who answered an alert."""

    DESK = "DESK", "On shift, at the desk"
    ON_CALL = "ON_CALL", "On call"
    OFF = "OFF", "On neither"


class AlertEnding(TextChoices):
    """What became of an alert: as notifications.enums.EscalationEnd, or it goes on."""

    ACKNOWLEDGED = "ACKNOWLEDGED", "answered"
    OVER = "OVER", "not answered before the lead was over"
    LOWERED = "LOWERED", "not answered before the lead was lowered"
    RUNNING = "RUNNING", "not answered yet"


class MessageFate(TextChoices):
    """What became of the message of an alert: its state, and more. One message can be several of these."""

    SENT = "SENT", "that went out"
    ARRIVED = "ARRIVED", "that arrived, as the provider says"
    READ = "READ", "that was read, as the provider says"
    TWICE = "TWICE", "that may have been the second of two"
    REPLACED = "REPLACED", "that went another way"
    FAILED = "FAILED", "that could not be sent"
    CANCELLED = "CANCELLED", "that was not needed any more"
    QUEUED = "QUEUED", "that still waits"
