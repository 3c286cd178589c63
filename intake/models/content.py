"""Dated, versioned public content: help lines, guides and what callers are told."""

from django.db import models
from django.db.models import TextChoices

from crm.models import User
from intake.enums import Voice
from jobs.ids import uuid7


class HelpLine(models.Model):
    """A number that callers are shown. Nothing else on a public page may hold a number."""

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
    is_confirmed = models.BooleanField(default=False)
    checked_date = models.DateField(null=True, blank=True)
    next_check_date = models.DateField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return f"{self.name} ({self.locale})"


class ReviewState(TextChoices):
    AWAITING_REVIEW = "AWAITING_REVIEW", "Awaiting clinical review"
    APPROVED = "APPROVED", "Approved"
    RETIRED = "RETIRED", "Retired"


class Guide(models.Model):
    """One version of a guide to a substance. `sections` is a list of {key, heading, body, needs_approval}."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField()
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=150)
    summary = models.TextField()
    sections = models.JSONField()
    state = models.CharField(max_length=20, choices=ReviewState, default=ReviewState.AWAITING_REVIEW)
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    review_date = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["slug", "version"], name="one_guide_a_version"),)

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"


class CallerMessage(models.Model):
    """One version of one text to the caller, in one voice (triage/SPEC section 3)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=10)
    voice = models.CharField(max_length=12, choices=Voice)
    version = models.PositiveSmallIntegerField(default=1)
    text = models.TextField()
    state = models.CharField(max_length=20, choices=ReviewState, default=ReviewState.AWAITING_REVIEW)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["key", "voice", "version"], name="one_text_a_version"),
        )

    def __str__(self) -> str:
        return f"{self.key} ({self.voice}), version {self.version}"
