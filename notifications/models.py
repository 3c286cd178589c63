"""What is to be said to whom (Message), and each try at saying it (Delivery)."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from jobs.ids import uuid7
from notifications.enums import ChannelName, DeliveryOutcome, MessageKind, MessageState
from vault.fields import EncryptedJSONField, EncryptedTextField

UNSETTLED = Q(state__in=["QUEUED", "FAILED"])


class Message(models.Model):
    """One message to one recipient by one channel. `about` is the id of what it concerns, for its timeline.

    `context` fills the template and holds only the keys that the catalogue allows: never personal data. It is
    encrypted all the same, because a link may open somebody's page.
    """

    id = models.UUIDField(primary_key=True, editable=False, default=uuid7)
    kind = models.CharField(max_length=40, choices=MessageKind)
    channel = models.CharField(max_length=10, choices=ChannelName)
    to = EncryptedTextField("recipient's address")
    context = EncryptedJSONField(default=dict)
    about = models.UUIDField(null=True, blank=True)
    dedupe_key = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=10, choices=MessageState, default=MessageState.QUEUED)
    tries = models.PositiveSmallIntegerField("tries since it was queued or sent again", default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state=MessageState.SENT, sent_at__isnull=False)
                | ~Q(state=MessageState.SENT) & Q(sent_at=None),
                name="sent_message_has_time",
            ),
        )
        indexes = (
            # notifications.selectors.messages_about
            models.Index(fields=["about", "created_at"], name="message_about"),
            # notifications.selectors.failed_messages: the managers' page
            models.Index(fields=["failed_at"], condition=Q(state="FAILED"), name="message_failed"),
            # notifications.selectors.oldest_waiting_alert: the banner
            models.Index(fields=["created_at"], condition=UNSETTLED, name="message_unsettled"),
        )

    def __str__(self) -> str:
        return f"{self.kind} by {self.channel}"

    def is_expired(self, at: datetime) -> bool:
        """Return whether it is too late to be of use."""
        return self.expires_at is not None and self.expires_at <= at


class Delivery(models.Model):
    """One try at handing a message to its channel."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, choices=DeliveryOutcome, blank=True)
    reason = models.CharField("error class or reply code, never text", max_length=60, blank=True)

    class Meta:
        indexes = (models.Index(fields=["message", "started_at"], name="delivery_by_message"),)

    def __str__(self) -> str:
        return f"{self.outcome or 'started'} at {self.started_at}"
