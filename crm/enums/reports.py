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
