"""Every try to reach somebody, how often and when we try, and when we call again."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from crm.enums import CallBackKind, ContactDisposition, ContactMethod, ContactOutcome, Level, PartOfDay
from crm.models.lead import Lead
from crm.models.person import Person
from crm.models.staff import Site, User
from jobs.ids import uuid7
from vault.fields import EncryptedTextField


class ContactAttempt(models.Model):
    """One try, permanent (database trigger). Two-way contact is what stops the first-response clock."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="attempts")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    by = models.ForeignKey(User, on_delete=models.PROTECT)
    method = models.CharField(max_length=10, choices=ContactMethod)
    outcome = models.CharField(max_length=20, choices=ContactOutcome)
    two_way = models.BooleanField(default=False)
    inbound = models.BooleanField("they rang or wrote to us", default=False, db_default=False)
    disposition = models.CharField(
        "what was agreed", max_length=12, choices=ContactDisposition, blank=True, default="", db_default=""
    )
    minutes = models.PositiveSmallIntegerField("how long it took", null=True, blank=True)
    note = EncryptedTextField(blank=True)
    override_reason = EncryptedTextField("why the safe-contact rules were set aside", blank=True)
    attempted_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=["lead", "-attempted_at"], name="attempt_by_lead"),
            # crm.services.queues.take_next: what was tried minutes ago, however much was tried before
            models.Index(fields=["attempted_at"], name="attempt_by_time"),
        )

    def __str__(self) -> str:
        return f"{self.method} {self.outcome} on lead {self.lead_id}"


class CallBack(models.Model):
    """A call at a time: agreed with them, the plan's next try, or a safety call on a closed lead.

    Open until an attempt is made or somebody says that it is not needed; a lead has one at a time.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="call_backs")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    kind = models.CharField(max_length=8, choices=CallBackKind)
    due_at = models.DateTimeField()
    note = EncryptedTextField("what to say or ask", blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    attempt = models.OneToOneField(ContactAttempt, on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["lead"], condition=Q(settled_at=None), name="one_open_call_back_a_lead"
            ),
        )
        indexes = (
            # crm.selectors.call_backs: what is due, soonest first
            models.Index(fields=["due_at"], condition=Q(settled_at=None), name="call_back_due"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on lead {self.lead_id}"


class ContactPlan(models.Model):
    """How often somebody was tried in vain since we last spoke with them, or since a new plan was begun.

    `decide_since`: as often as planned. Nothing is closed by that; a person decides.
    """

    lead = models.OneToOneField(Lead, on_delete=models.CASCADE, primary_key=True, related_name="contact_plan")
    tries = models.PositiveSmallIntegerField(default=0)
    begun_at = models.DateTimeField()
    decide_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            # crm.selectors.call_backs: leads on which somebody must decide
            models.Index(fields=["decide_since"], condition=~Q(decide_since=None), name="plan_used_up"),
        )

    def __str__(self) -> str:
        return f"{self.tries} tries on lead {self.lead_id}"


class ContactCadence(models.Model):
    """How long to wait after each vain try, by level, in place of what ships (crm.cadence.SHIPPED).

    After the last wait comes the last try: five waits are six tries. `parts` of the day are for the longer
    waits; none named: every part. The latest version of a level holds; never edited (database trigger).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="cadences")
    level = models.CharField(max_length=2, choices=Level)
    version = models.PositiveIntegerField(default=1)
    waits = ArrayField(
        models.PositiveIntegerField(validators=[MinValueValidator(1), MaxValueValidator(14 * 24 * 60)]),
        verbose_name="minutes to wait after each try",
        size=20,
        help_text="For example 30, 120, 1440, 1440, 2880: six tries over about five days.",
    )
    parts = ArrayField(models.CharField(max_length=10, choices=PartOfDay), default=list, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="cadences")
    made_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "contact cadences"
        constraints = (
            models.UniqueConstraint(fields=["site", "level", "version"], name="one_cadence_a_version"),
        )

    def __str__(self) -> str:
        return f"{self.level} at {self.site}: {len(self.waits) + 1} tries"
