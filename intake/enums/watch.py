"""The words for watching ourselves: the canary's stages, and what the auditor asks."""

from django.db.models import TextChoices


class CanaryStage(TextChoices):
    """How far the canary has to come, in order."""

    FORM = "FORM", "Form"
    LEAD = "LEAD", "Lead"
    PLACED = "PLACED", "Queue"
    ALERTED = "ALERTED", "Alert"


class AuditCheck(TextChoices):
    """What the auditor asks (RELIABILITY, point 11), as what is wrong when it fails."""

    STRANDED = "STRANDED", "Enquiries that are on no lead"
    UNPLACED = "UNPLACED", "Leads that are in no queue"
    UNALERTED = "UNALERTED", "Urgent leads of which nobody was told"
    ALERTS_WAITING = "ALERTS_WAITING", "Alerts that have not gone out"
    ALERTS_FAILED = "ALERTS_FAILED", "Alerts that could not be sent"
    UNANSWERED = "UNANSWERED", "Urgent leads for which nobody has answered"
    JOBS_LATE = "JOBS_LATE", "Background work that is late"
    JOBS_DEAD = "JOBS_DEAD", "Background work that gave up"
    CANARY = "CANARY", "The test enquiry did not come through in time"
