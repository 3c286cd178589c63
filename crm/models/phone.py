"""The phone: lines, what the phone system told us of them, and the calls and texts that came of it."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from crm.enums import CallDirection, CallEnding, CallState, PhoneProvider, TextKeyword
from crm.models.lead import Lead
from crm.models.staff import Site, User
from jobs.ids import uuid7
from vault.fields import EncryptedTextField


class PhoneLine(models.Model):
    """One of a site's own numbers. Its secret is in the setting PHONE_SECRETS, under `secret_name`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="phone_lines")
    name = models.CharField("what staff call it", max_length=60)
    provider = models.CharField(max_length=10, choices=PhoneProvider)
    secret_name = models.SlugField("name of its secret in PHONE_SECRETS", max_length=40)
    passes_on_to = models.CharField(
        "number to which calls are passed on",
        max_length=40,
        blank=True,
        help_text="Only if Twilio asks us what to do with a call: then we ring this number. Without it such "
        "a caller hears the engaged tone and is on the list of missed calls.",
    )
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class PhoneEvent(models.Model):
    """One signed message of a phone system, stored before anything is made of it.

    `payload` is emptied once it has been processed; `replay_key` stays, so that nothing counts twice.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    line = models.ForeignKey(PhoneLine, on_delete=models.PROTECT, related_name="events")
    replay_key = models.CharField(max_length=64)
    payload = EncryptedTextField(blank=True)
    received_at = models.DateTimeField()
    processed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["line", "replay_key"], name="phone_event_counts_once"),
        )

    def __str__(self) -> str:
        return f"Phone event {self.pk}"


class PhoneCall(models.Model):
    """One call. Who rang or was rung is encrypted; `search_tokens` find it (empty: the number was withheld).

    A missed call is open until it is settled: by a later call that was answered (`paired_with`), or by a
    person who says what came of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="calls")
    line = models.ForeignKey(PhoneLine, on_delete=models.PROTECT, null=True, related_name="calls")
    key = models.CharField("what makes it the same call", max_length=64, unique=True)
    direction = models.CharField(max_length=3, choices=CallDirection)
    state = models.CharField(max_length=10, choices=CallState)
    number = EncryptedTextField(blank=True)
    search_tokens = ArrayField(models.BigIntegerField(), default=list, editable=False)
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, null=True, related_name="calls")
    is_from_log = models.BooleanField("read from a call log", default=False)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    seconds = models.PositiveIntegerField(null=True)
    ending = models.CharField(max_length=15, choices=CallEnding, blank=True)
    paired_with = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="answers_for")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True)
    settled_note = EncryptedTextField(blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(settled_at=None, ending="")
                | Q(settled_at__isnull=False, state=CallState.MISSED) & ~Q(ending=""),
                name="settled_call_says_how",
            ),
            models.CheckConstraint(
                condition=Q(ending=CallEnding.PAIRED, paired_with__isnull=False)
                | ~Q(ending=CallEnding.PAIRED) & Q(paired_with=None),
                name="paired_call_has_its_pair",
            ),
        )
        indexes = (
            # crm.selectors.phone.open_calls
            models.Index(
                fields=["site", "started_at"],
                condition=Q(direction=CallDirection.IN, settled_at=None) & ~Q(state=CallState.CONNECTED),
                name="call_open",
            ),
            # crm.selectors.phone.live_calls
            models.Index(fields=["site", "started_at"], condition=Q(ended_at=None), name="call_live"),
            # crm.services.phone_calls: the calls of one number
            GinIndex(fields=["search_tokens"], name="call_search_tokens", fastupdate=False),
        )

    def __str__(self) -> str:
        return f"Call {self.pk}"


class PhoneText(models.Model):
    """One text that came in. Open until somebody has read it; a STOP or START that was obeyed never is."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="texts")
    line = models.ForeignKey(PhoneLine, on_delete=models.PROTECT, related_name="texts")
    key = models.CharField("what makes it the same text", max_length=64, unique=True)
    number = EncryptedTextField(blank=True)
    search_tokens = ArrayField(models.BigIntegerField(), default=list, editable=False)
    text = EncryptedTextField(blank=True)
    keyword = models.CharField(max_length=5, choices=TextKeyword, blank=True)
    stopped = ArrayField(models.UUIDField(), default=list, help_text="Persons whom this STOP stopped.")
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, null=True, related_name="texts")
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True)

    class Meta:
        indexes = (
            # crm.selectors.phone.open_texts
            models.Index(fields=["site", "received_at"], condition=Q(settled_at=None), name="text_open"),
            # crm.services.text_stops: the STOP that a START takes back
            GinIndex(fields=["search_tokens"], name="text_search_tokens", fastupdate=False),
        )

    def __str__(self) -> str:
        return f"Text {self.pk}"


class CallLog(models.Model):
    """A phone system's own list of calls, to be compared with ours. Deleted once it has been read."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="call_logs")
    by = models.ForeignKey(User, on_delete=models.PROTECT)
    content = EncryptedTextField(null=True)
    columns = models.JSONField(default=dict)
    uploaded_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    rows = models.PositiveIntegerField(default=0)
    next_row = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"Call log {self.pk}"
