"""Dated, versioned public content: help lines, guides and what callers are told."""

from django.db import models
from django.db.models import TextChoices

from crm.models import User
from intake.enums import Voice
from jobs.ids import uuid7


class HelpLine(models.Model):
    """A number that callers are shown, once it is confirmed. Nothing else on a public page may hold a number.

    `phrases` says how a sentence names it, by Slot. Whoever changes number, dial or phrases makes the line
    unconfirmed again: a database trigger sees to it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.SlugField(unique=True)
    locale = models.CharField(max_length=2)
    nation = models.CharField(max_length=20, blank=True, help_text="Empty: the whole country.")
    name = models.CharField(max_length=100)
    number = models.CharField(max_length=60)
    dial = models.CharField("tel: or sms: form", max_length=60, blank=True)
    purpose = models.CharField(max_length=200)
    hours = models.CharField(max_length=100, blank=True)
    source = models.CharField(max_length=200, blank=True)
    phrases = models.JSONField(default=dict, blank=True, help_text="How a sentence names it, by slot.")
    is_confirmed = models.BooleanField(default=False)
    checked_date = models.DateField(null=True, blank=True)
    next_check_date = models.DateField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return f"{self.name} ({self.locale})"


class CheckOutcome(TextChoices):
    CONFIRMED = "CONFIRMED", "Confirmed"
    HIDDEN = "HIDDEN", "Hidden from the public"


class HelpLineCheck(models.Model):
    """Somebody looked at a help line: who, when, and the number that they saw. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    line = models.ForeignKey(HelpLine, on_delete=models.PROTECT, related_name="checks")
    outcome = models.CharField(max_length=20, choices=CheckOutcome)
    number = models.CharField(max_length=60)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.number}: {self.get_outcome_display()}"


class ReviewState(TextChoices):
    AWAITING_REVIEW = "AWAITING_REVIEW", "Awaiting clinical review"
    APPROVED = "APPROVED", "Approved"
    RETIRED = "RETIRED", "Replaced"


def one_approved(*of: str, name: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(fields=of, condition=models.Q(state=ReviewState.APPROVED), name=name)


class Guide(models.Model):
    """One version of a guide. Its words never change: editing makes another version (a trigger sees to it).

    `sections` is a list of {key, heading, body, needs_approval}, `danger_signs` maps a NextStep to a list.
    Without `created_by` it shipped with Threshold. `review_date` is when it must be looked at again.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField()
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=150)
    summary = models.TextField()
    sections = models.JSONField()
    danger_signs = models.JSONField(default=dict)
    note = models.CharField("what changed", max_length=200, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=20, choices=ReviewState, default=ReviewState.AWAITING_REVIEW)
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    review_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["slug", "version"], name="one_guide_a_version"),
            one_approved("slug", name="one_approved_guide"),
            models.CheckConstraint(
                condition=~models.Q(state=ReviewState.APPROVED)
                | models.Q(reviewed_by__isnull=False, approved_at__isnull=False, review_date__isnull=False),
                name="guide_approved_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"

    @property
    def is_approved(self) -> bool:
        return self.state == ReviewState.APPROVED


class GuideApproval(models.Model):
    """Somebody with a clinical role put a version before the public. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    guide = models.ForeignKey(Guide, on_delete=models.PROTECT, related_name="approvals")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.guide} approved by {self.by}"


class CallerMessage(models.Model):
    """One version of one text to the caller, in one voice (triage/SPEC section 3). Its words never change."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=10)
    voice = models.CharField(max_length=12, choices=Voice)
    version = models.PositiveSmallIntegerField(default=1)
    text = models.TextField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=20, choices=ReviewState, default=ReviewState.AWAITING_REVIEW)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["key", "voice", "version"], name="one_text_a_version"),
            one_approved("key", "voice", name="one_approved_text"),
            models.CheckConstraint(
                condition=~models.Q(state=ReviewState.APPROVED) | models.Q(approved_by__isnull=False),
                name="text_approved_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.key} ({self.voice}), version {self.version}"
