"""The staff, and the two people of a lead."""

from django.db.models import TextChoices


class Role(TextChoices):
    COORDINATOR = "COORDINATOR", "Intake coordinator"
    CLINICIAN = "CLINICIAN", "Clinician"
    CLINICAL_LEAD = "CLINICAL_LEAD", "Clinical lead"
    MANAGER = "MANAGER", "Manager"


class RequestKind(TextChoices):
    """What a caller can ask of us from their own page."""

    WORSE = "WORSE", "To be helped: it has got worse"
    SOONER = "SOONER", "To be called sooner"
    STOP = "STOP", "Not to be contacted any more"
    ERASE = "ERASE", "To be erased"


class AwayReason(TextChoices):
    """Why somebody on shift does not answer to callers for a while."""

    BREAK = "BREAK", "On a break"
    MEETING = "MEETING", "In a meeting or training"
    WITH_SOMEBODY = "WITH_SOMEBODY", "With a patient or a visitor"
    OTHER_WORK = "OTHER_WORK", "On other work"
    LEFT = "LEFT", "Had to leave"


class CallerRole(TextChoices):
    """Who is asking, as the caller said (triage/SPEC section 5, `enquirer`)."""

    SELF = "self", "For themselves"
    LOVED_ONE = "loved_one", "For someone they care about"
    PROFESSIONAL = "professional", "A professional"
    PHONE = "phone", "Taken down by phone"


class Party(TextChoices):
    """One of the two people of a lead."""

    CALLER = "caller", "The caller"
    PATIENT = "patient", "The prospective patient"
