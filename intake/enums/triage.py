"""What triage decides: where an enquiry goes, and what must be done first."""

from django.db.models import TextChoices


class Outcome(TextChoices):
    EMERGENCY_SIGNPOST = "emergency_signpost", "Emergency help now, and a call"
    URGENT = "urgent", "Urgent"
    PREBOOKED = "prebooked", "Pre-booked"


class Hold(TextChoices):
    """A task that blocks an offer of a bed, never a call."""

    CLINICIAN = "H-CLIN", "A clinician clears this first"
    CHILD = "H-CHILD", "No adult admission: child pathway"
    SAFE_CONTACT = "H-SAFE", "Contact only by the stated safe route"
    CONSENT = "H-CONSENT", "Do not contact the person discussed"
    PRESCRIBER = "H-PRESC", "Confirm the prescriber"
    SAFEGUARDING = "H-SG", "Safeguarding task, same day"
    CHILDREN_SAFETY = "H-SGQ", "Ask about the children's safety"
    TRAVEL = "H-TRAVEL", "No self-drive to admission"
