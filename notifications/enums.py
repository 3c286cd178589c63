"""The words for messages out."""

from django.db.models import TextChoices


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
