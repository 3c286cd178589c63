"""The words for messages out."""

from django.db.models import TextChoices


class MessageKind(TextChoices):
    URGENT_LEAD_ALERT = "URGENT_LEAD_ALERT", "Alert: an urgent lead"
    LEAD_NOT_ROUTED = "LEAD_NOT_ROUTED", "Alert: a lead was not routed in time"
    REVIEW_WAITING = "REVIEW_WAITING", "Alert: an enquiry waits for review"
    LOWERING_ASKED = "LOWERING_ASKED", "A colleague asks a clinical lead to lower a level"
    ENQUIRY_STRANDED = "ENQUIRY_STRANDED", "Alert: an enquiry is on nobody's list"
    JOB_DEAD = "JOB_DEAD", "Alert: background work gave up"
    CALLER_WANTS_SOONER = "CALLER_WANTS_SOONER", "Alert: a caller asks to be called sooner"
    CALLER_IS_WORSE = "CALLER_IS_WORSE", "Alert: a caller says that it has got worse"
    CALLER_REQUEST = "CALLER_REQUEST", "Alert: a caller asks something of us"
    ENQUIRY_COPY = "ENQUIRY_COPY", "Copy of their page to the caller"
    ENQUIRY_ACKNOWLEDGEMENT = "ENQUIRY_ACKNOWLEDGEMENT", "Acknowledgement to the caller"
    CALLER_TRIED = "CALLER_TRIED", "We tried to reach you"
    CALLER_CALL_BACK = "CALLER_CALL_BACK", "When we call you"
    CALLER_OPEN_DOOR = "CALLER_OPEN_DOOR", "You can come back to us"
    SIGNPOST_PACK = "SIGNPOST_PACK", "Numbers to call"
    WAY_BACK = "WAY_BACK", "Link to answers that were saved"
    TEST = "TEST", "Test message"


class Audience(TextChoices):
    STAFF = "STAFF", "Staff"
    CALLER = "CALLER", "Caller"
    VISITOR = "VISITOR", "Somebody who asked for it on a page, and is not known to us"


class ChannelName(TextChoices):
    EMAIL = "EMAIL", "E-mail"


class MessageState(TextChoices):
    QUEUED = "QUEUED", "Waiting to be sent"
    SENT = "SENT", "Handed to the provider"
    FAILED = "FAILED", "Could not be sent"
    CANCELLED = "CANCELLED", "No longer needed"


class DeliveryOutcome(TextChoices):
    ACCEPTED = "ACCEPTED", "Accepted by the provider"
    TRANSIENT_ERROR = "TRANSIENT_ERROR", "Failed, to be tried again"
    PERMANENT_ERROR = "PERMANENT_ERROR", "Refused for good"
    INTERRUPTED = "INTERRUPTED", "Interrupted: it may have gone out"
