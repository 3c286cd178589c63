"""Versioned triage rules, and everything that was ever done with them. Conditions are CEL (intake.triage)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, TextChoices

from crm.enums import Level
from crm.models import Lead, User
from jobs.ids import uuid7
from vault.fields import EncryptedTextField


class RuleSetState(TextChoices):
    DRAFT = "DRAFT", "Draft"
    PUBLISHED = "PUBLISHED", "In use"
    RETIRED = "RETIRED", "Retired"
    DISCARDED = "DISCARDED", "Deleted draft"


NEVER_USED = (RuleSetState.DRAFT, RuleSetState.DISCARDED)


class RuleSet(models.Model):
    """One version of all rules. At most one is published; without one, the shipped rules apply.

    Only a draft can be edited, a deleted one stays as it is, and nobody approves what they have edited:
    database triggers. `expectations` are the stored cases, by id, of which this version expects something
    else than the shipped ones.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.CharField(max_length=40, unique=True)
    state = models.CharField(max_length=10, choices=RuleSetState, default=RuleSetState.DRAFT)
    owner = models.CharField(max_length=100)
    approver = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    effective_date = models.DateField(null=True, blank=True)
    review_date = models.DateField(null=True, blank=True)
    phrases = ArrayField(models.CharField(max_length=100), default=list)
    expectations = models.JSONField(default=dict, blank=True)
    based_on = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="drafted_rule_sets"
    )
    published_at = models.DateTimeField("latest time at which it came into use", null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=NEVER_USED) | Q(created_by=None) | Q(approver__isnull=False),
                name="rule_set_approved_by_somebody",
            ),
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


class RuleSetAct(TextChoices):
    """What people do with a rule set."""

    DRAFTED = "DRAFTED", "Draft begun"
    RULE_CHANGED = "RULE_CHANGED", "Rule changed"
    RULE_ADDED = "RULE_ADDED", "Rule added"
    RULE_REMOVED = "RULE_REMOVED", "Rule removed"
    PHRASES_CHANGED = "PHRASES_CHANGED", "Words to look for changed"
    CASE_CHANGED = "CASE_CHANGED", "Stored case changed"
    CASES_RUN = "CASES_RUN", "Stored cases run"
    REPLAYED = "REPLAYED", "Tried on the last 30 days"
    REPLAY_SEEN = "REPLAY_SEEN", "What that try says was read"
    DISCARDED = "DISCARDED", "Draft deleted"
    PUBLISHED = "PUBLISHED", "Put in use"
    RETIRED = "RETIRED", "Taken out of use"
    ROLLED_BACK = "ROLLED_BACK", "Put back in use"


EDITS = frozenset(RuleSetAct) - {
    RuleSetAct.CASES_RUN,
    RuleSetAct.REPLAYED,
    RuleSetAct.REPLAY_SEEN,
    RuleSetAct.DISCARDED,
    RuleSetAct.PUBLISHED,
    RuleSetAct.RETIRED,
    RuleSetAct.ROLLED_BACK,
}


class RuleSetEvent(models.Model):
    """One thing that was done with a rule set. Append-only (database trigger)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=16, choices=RuleSetAct)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    occurred_at = models.DateTimeField()
    data = models.JSONField(default=dict)
    note = models.CharField(max_length=1000, blank=True)

    class Meta:
        indexes = (models.Index(fields=["rule_set", "-occurred_at"], name="rule_set_event_by_set"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.rule_set_id}"


class Replay(models.Model):
    """One try of a rule set on stored answers: how many leads would stand elsewhere, and which.

    It compares with the rules that were in use when it was asked for. `digest` says on which text of the
    draft it was made. `moves` are {"lead": reference, "from": level, "to": level}, and no answers.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="replays")
    against = models.ForeignKey(RuleSet, on_delete=models.PROTECT, null=True, related_name="+")
    digest = models.CharField(max_length=64)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    since = models.DateTimeField()
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    up = models.PositiveIntegerField(default=0)
    down = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField("answers that the rules could not decide", default=0)
    moves = models.JSONField(default=list)
    reached = models.JSONField("the lead after which the next batch begins", null=True)
    finished_at = models.DateTimeField(null=True)
    is_stale = models.BooleanField("the draft was changed meanwhile", default=False)

    class Meta:
        indexes = (models.Index(fields=["rule_set", "-asked_at"], name="replay_by_rule_set"),)

    def __str__(self) -> str:
        return f"replay of {self.rule_set_id}"


class RuleFlag(models.Model):
    """Somebody who read a lead says that a rule looks wrong. No `rule_id`: one is missing."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="rule_flags")
    rule_set_version = models.CharField(max_length=40)
    rule_id = models.CharField(max_length=50, blank=True)
    note = EncryptedTextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    flagged_at = models.DateTimeField()
    answer = EncryptedTextField(blank=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="settled_flag_has_who_and_when",
            ),
        )
        # intake.rule_lists.flags_at
        indexes = (models.Index(fields=["-flagged_at"], name="rule_flag_by_time"),)

    def __str__(self) -> str:
        return f"flag on {self.rule_id or 'a missing rule'}"
