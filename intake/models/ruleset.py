"""Versioned triage rules. The conditions are CEL, evaluated by intake.triage."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, TextChoices

from crm.enums import Level
from crm.models import User
from jobs.ids import uuid7


class RuleSetState(TextChoices):
    DRAFT = "DRAFT", "Draft"
    PUBLISHED = "PUBLISHED", "In use"
    RETIRED = "RETIRED", "Retired"


class RuleSet(models.Model):
    """One version of all rules. At most one is published; without one, the shipped rules apply."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.CharField(max_length=40, unique=True)
    state = models.CharField(max_length=10, choices=RuleSetState, default=RuleSetState.DRAFT)
    owner = models.CharField(max_length=100)
    approver = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    effective_date = models.DateField(null=True, blank=True)
    review_date = models.DateField(null=True, blank=True)
    phrases = ArrayField(models.CharField(max_length=100), default=list)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["state"], condition=Q(state=RuleSetState.PUBLISHED), name="one_published_rule_set"
            ),
        )

    def __str__(self) -> str:
        return self.version


class Rule(models.Model):
    """One rule: when its condition holds, it asks for a level and adds messages and holds."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rule_set = models.ForeignKey(RuleSet, on_delete=models.CASCADE, related_name="rules")
    rule_id = models.SlugField(max_length=50)
    position = models.PositiveSmallIntegerField()
    reason = models.CharField("in plain English", max_length=200)
    condition = models.TextField("CEL expression")
    level = models.CharField(max_length=2, choices=Level, blank=True)
    messages = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    holds = ArrayField(models.CharField(max_length=12), default=list, blank=True)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=["rule_set", "rule_id"], name="one_rule_an_id"),
            models.UniqueConstraint(fields=["rule_set", "position"], name="one_rule_a_position"),
        )

    def __str__(self) -> str:
        return self.rule_id
