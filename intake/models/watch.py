"""Watching ourselves: the canary's runs and the auditor's findings. No personal data in either."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from intake.enums import CanaryStage
from jobs.ids import uuid7


class CanaryRun(models.Model):
    """One made-up enquiry, and when it had come how far. One that ended without `missed` came through.

    `key` is the idempotency key of the form that it sent: by it what came of it is found.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=100, blank=True)
    begun_at = models.DateTimeField()
    form_at = models.DateTimeField("when the form's answer came", null=True, blank=True)
    lead_at = models.DateTimeField(null=True, blank=True)
    placed_at = models.DateTimeField(null=True, blank=True)
    alerted_at = models.DateTimeField("when its alert had been handed over", null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    missed = models.CharField(
        "the stage that was late or missing", max_length=10, choices=CanaryStage, blank=True
    )
    reason = models.CharField("error class or status, never text", max_length=60, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(missed="") | Q(ended_at__isnull=False), name="missed_canary_ended"
            ),
        )
        indexes = (
            # intake.selectors.canary: the latest ones, also for every public page
            models.Index(fields=["-begun_at"], name="canary_by_time"),
        )

    def __str__(self) -> str:
        return f"Canary of {self.begun_at:%Y-%m-%d %H:%M}"

    @property
    def came_through(self) -> bool:
        return self.ended_at is not None and not self.missed

    def at_stage(self, stage: CanaryStage) -> datetime | None:
        """Return when it had come so far; None: not, or not yet."""
        found: datetime | None = getattr(self, f"{stage.lower()}_at")
        return found


class Audit(models.Model):
    """What the auditor found at one moment: `failures` is a list of {"check", "count", "seconds", "what"}.

    `pinged_at` is when the outside heartbeat took the ping; `ping_error` the error class or status if not.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField()
    passed = models.BooleanField()
    failures = models.JSONField(default=list)
    pinged_at = models.DateTimeField(null=True, blank=True)
    ping_error = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(passed=True, failures=[]) | Q(passed=False) & ~Q(failures=[]),
                name="audit_fails_for_a_reason",
            ),
        )
        indexes = (
            # intake.selectors.audit: the latest ones
            models.Index(fields=["-at"], name="audit_by_time"),
        )

    def __str__(self) -> str:
        return f"Audit of {self.at:%Y-%m-%d %H:%M}"
