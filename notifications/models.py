"""What is to be said to whom (Message), each try at saying it (Delivery), and in which words (Wording)."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from jobs.ids import uuid7
from notifications.enums import (
    UNKNOWN,
    Acknowledgement,
    ChannelName,
    DeliveryOutcome,
    EscalationEnd,
    Language,
    MessageState,
    Voice,
    WordingState,
    message_kinds,
)
from notifications.reasons import in_words, is_code
from vault.fields import EncryptedJSONField, EncryptedTextField

LONGEST_PROVIDER_ID = 250
UNSETTLED = Q(state__in=["QUEUED", "FAILED"])


class Message(models.Model):
    """One message to one recipient by one channel. `about` is the id of what it concerns, for its timeline.

    `context` fills the template and holds only the keys that the catalogue allows: never personal data. It is
    encrypted all the same, because a link may open somebody's page.
    """

    id = models.UUIDField(primary_key=True, editable=False, default=uuid7)
    kind = models.CharField(max_length=40, choices=message_kinds)
    channel = models.CharField(max_length=10, choices=ChannelName)
    to = EncryptedTextField("recipient's address")
    context = EncryptedJSONField(default=dict)
    about = models.UUIDField(null=True, blank=True)
    escalation = models.ForeignKey(
        "Escalation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
        db_index=False,  # below
    )
    dedupe_key = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=10, choices=MessageState, default=MessageState.QUEUED)
    tries = models.PositiveSmallIntegerField("tries since it was queued or sent again", default=0)
    uncounted = models.PositiveSmallIntegerField("of those, spoiled on our side", default=0, db_default=0)
    ways = EncryptedJSONField("the ways left if this one fails", null=True, blank=True)
    instead_of = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="followed_by",
        db_index=False,  # below
    )
    possible_duplicate = models.BooleanField(
        "it may have reached them by a way before", default=False, db_default=False
    )
    recipient = models.BigIntegerField("search token of the address", null=True, blank=True)
    person = models.UUIDField(
        "whose address it is: two of the staff may give the same", null=True, blank=True
    )
    held_until = models.DateTimeField(null=True, blank=True)
    why = models.CharField(
        "why it waits or is not sent; a code or class, never text",
        max_length=60,
        blank=True,
        default="",
        db_default="",
    )
    wording_version = models.PositiveSmallIntegerField(
        "the version of its words since its first try; 0: as it shipped", null=True, blank=True
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField("when its provider said that it arrived", null=True, blank=True)
    read_at = models.DateTimeField("when its provider said that it was read", null=True, blank=True)

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
            # notifications.services.limits: how much one address got of late
            models.Index(
                fields=["recipient", "sent_at"], condition=Q(sent_at__isnull=False), name="message_recipient"
            ),
            # crm.services.escalating: most messages are of no alert, so most need no entry
            models.Index(
                fields=["escalation"], condition=Q(escalation__isnull=False), name="message_escalation"
            ),
            # notifications.services.failover
            models.Index(
                fields=["instead_of"], condition=Q(instead_of__isnull=False), name="message_instead_of"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} by {self.channel}"

    def why_in_words(self) -> str:
        """Return why it waits or is not sent, in words where there are any, else the code or class."""
        return in_words(self.why)

    def why_code(self) -> str:
        """Return the code or class behind those words, for a technician; nothing where there is none."""
        return self.why if is_code(self.why) and in_words(self.why) != self.why else ""

    def is_expired(self, at: datetime) -> bool:
        """Return whether it is too late to be of use."""
        return self.expires_at is not None and self.expires_at <= at


class Delivery(models.Model):
    """One try at handing a message to its channel."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField("when its provider last said what became of it", null=True, blank=True)
    outcome = models.CharField(max_length=20, choices=DeliveryOutcome, blank=True)
    reason = models.CharField("error class or reply code, never text", max_length=60, blank=True)
    provider_id = models.CharField(
        "what the provider calls it", max_length=LONGEST_PROVIDER_ID, blank=True, default="", db_default=""
    )

    possible_duplicate = models.BooleanField(
        "an earlier try may have reached them", default=False, db_default=False
    )

    class Meta:
        indexes = (
            models.Index(fields=["message", "started_at"], name="delivery_by_message"),
            # receipts, which name a message by what its provider calls it
            models.Index(
                fields=["provider_id"], condition=~Q(provider_id=""), name="delivery_by_provider_id"
            ),
        )

    def __str__(self) -> str:
        return f"{self.outcome or 'started'} at {self.started_at}"

    def may_have_gone_out(self) -> bool:
        """Return whether nobody knows if it went out, so that another try could be a second copy."""
        return self.outcome in UNKNOWN or not self.outcome


class Escalation(models.Model):
    """One alert that goes on until somebody answers it. It knows ids only: what it is about, whose it is.

    Of those about one thing one is open at most. `site` is the id of whoever's people are told. `step` and
    `round` say what was done last, `next_at` when the next step is due, `red_at` from when every screen says
    so. `together`: the first step waits a moment, to be said in one message with others.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    about = models.UUIDField()
    site = models.UUIDField()
    kind = models.CharField(max_length=40, choices=message_kinds)
    level = models.CharField("the level that people were told", max_length=10)
    dedupe_key = models.CharField(max_length=200, unique=True)
    started_at = models.DateTimeField()
    step = models.PositiveSmallIntegerField(default=0)
    round = models.PositiveIntegerField(default=0)
    together = models.BooleanField(default=False)
    told_at = models.DateTimeField("until when all who were due have been told", null=True, blank=True)
    next_at = models.DateTimeField()
    red_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.UUIDField("who", null=True, blank=True)
    how = models.CharField(max_length=10, choices=Acknowledgement, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=12, choices=EscalationEnd, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["about"], condition=Q(ended_at=None), name="one_open_escalation_about_a_thing"
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None, how="")
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False, ended_at__isnull=False)
                & ~Q(how=""),
                name="acknowledged_by_somebody_somehow",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_why="") | Q(ended_at__isnull=False) & ~Q(ended_why=""),
                name="ended_for_a_reason",
            ),
        )
        indexes = (
            # notifications.selectors.escalations_due, every few seconds
            models.Index(fields=["next_at"], condition=Q(ended_at=None), name="escalation_due"),
            # notifications.selectors.unanswered: the red screen
            models.Index(fields=["site", "red_at"], condition=Q(ended_at=None), name="escalation_red"),
            # notifications.selectors.latest_escalation, a lead's page; crm.reports: those about many leads
            models.Index(fields=["about", "started_at"], name="escalation_about"),
            # crm.services.escalating: have others begun just now?
            models.Index(fields=["site", "started_at"], name="escalation_begun"),
        )

    def __str__(self) -> str:
        return f"{self.kind} since {self.started_at}"


class Circuit(models.Model):
    """Whether one way out works: a channel, or the host behind it where everybody has their own.

    It opens when several messages failed within a while; nothing then waits for its time-outs. From
    `probe_at` on one message at a time may find out whether it works again.
    """

    name = models.CharField(max_length=300, primary_key=True)
    failures = models.PositiveSmallIntegerField("of different messages, since the latest success", default=0)
    since = models.DateTimeField("when the first of those failed", null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    probe_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField("error class or reply code", max_length=60, blank=True, default="")
    times_opened = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(opened_at=None, probe_at=None)
                | Q(opened_at__isnull=False, probe_at__isnull=False),
                name="open_circuit_has_probe",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}: {'open' if self.opened_at else 'closed'}"

    def reason_in_words(self) -> str:
        return in_words(self.reason)

    @property
    def host(self) -> str:
        """Return the host behind a channel on which everybody has their own, else nothing."""
        return self.name.partition(" ")[2]


class Pace(models.Model):
    """When the next message may go to a provider that takes only so many at a time."""

    channel = models.CharField(max_length=10, choices=ChannelName, primary_key=True)
    next_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.channel} from {self.next_at}"


class Wording(models.Model):
    """One version of one message to callers, in one voice, by one channel, in one language.

    Its words never change: editing makes another version (a trigger sees to it). Version 0 is what ships and
    has no row. It knows ids of staff only.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=40, choices=message_kinds)
    channel = models.CharField(max_length=10, choices=ChannelName)
    voice = models.CharField(max_length=12, choices=Voice)
    language = models.CharField(max_length=5, choices=Language)
    version = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=100, blank=True)
    text = models.TextField()
    note = models.CharField("what changed", max_length=200, blank=True)
    written_by = models.UUIDField("who")
    written_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=WordingState, default=WordingState.DRAFT)
    approved_by = models.UUIDField("who", null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "channel", "voice", "language", "version"], name="one_wording_a_version"
            ),
            models.UniqueConstraint(
                fields=["kind", "channel", "voice", "language"],
                condition=Q(state=WordingState.APPROVED),
                name="one_wording_in_force",
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="version_0_is_what_ships"),
            models.CheckConstraint(
                condition=Q(state=WordingState.DRAFT, approved_by=None, approved_at=None)
                | ~Q(state=WordingState.DRAFT)
                & Q(approved_by__isnull=False, approved_at__isnull=False)
                & ~Q(approved_by=F("written_by")),
                name="wording_approved_by_another_person",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} by {self.channel}, {self.voice}, {self.language}: version {self.version}"


class WordingChange(models.Model):
    """Somebody put a version in force, or with version 0 went back to what ships. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=40, choices=message_kinds)
    channel = models.CharField(max_length=10, choices=ChannelName)
    voice = models.CharField(max_length=12, choices=Voice)
    language = models.CharField(max_length=5, choices=Language)
    version = models.PositiveSmallIntegerField()
    by = models.UUIDField("who")
    at = models.DateTimeField()

    class Meta:
        indexes = (
            # notifications.selectors.wording_changes: the history of one wording
            models.Index(fields=["kind", "channel", "voice", "language"], name="wording_change"),
        )

    def __str__(self) -> str:
        return f"{self.kind} by {self.channel}, {self.voice}, {self.language}: {self.version} at {self.at}"
