"""A lead, its references, and the routing decisions that were made about it."""

from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q

from crm.enums import (
    Band,
    CallerRole,
    Disposition,
    LeadChannel,
    Level,
    PauseKind,
    PauseReason,
    Queue,
    ReasonCode,
    Stage,
)
from crm.models.person import Person
from crm.models.staff import Site, User
from jobs.ids import uuid7
from vault.fields import EncryptedJSONField, EncryptedTextField

PLACED = (Queue.URGENT, Queue.PREBOOKED)
OPEN = Q(closed_at=None) & ~Q(stage=Stage.ADMITTED)


class Lead(models.Model):
    """One episode of one prospective patient, from the first enquiry to admission or closing.

    `due_at` is when the next human act is due: the promised call time until the first two-way contact, the
    follow-up after it. `respond_by` is the promise itself and is never moved later; the clock of the first
    response runs until `clock_ends_at`, which leaves out the time for which it was stopped.

    The order of every list is (band, priority_at, id). The database keeps `priority_at`: `due_at`, moved by
    `shift` seconds (crm.services.ordering). While `paused_until` is to come the lead is set aside.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(max_length=9, unique=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT)
    caller = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="leads_as_caller")
    patient = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="leads_as_patient")
    caller_role = models.CharField(max_length=12, choices=CallerRole)

    queue = models.CharField(max_length=10, choices=Queue, default=Queue.UNROUTED)
    level = models.CharField(max_length=2, choices=Level, null=True, blank=True)  # noqa: DJ001  none: not placed
    band = models.PositiveSmallIntegerField(choices=Band, default=Band.WAITING)
    holds = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.NEW)
    review_reason = models.CharField(max_length=60, blank=True)
    can_wait = models.BooleanField(
        "until it is placed: what was said so far wakes nobody", default=False, db_default=False
    )

    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="leads")
    claimed_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)

    received_at = models.DateTimeField()
    respond_by = models.DateTimeField()
    due_at = models.DateTimeField()
    shift = models.IntegerField(
        "seconds by which the weights move it, less than none is earlier", default=0, db_default=0
    )
    priority_at = models.GeneratedField(
        # in UTC, where adding seconds is immutable, as a stored column needs it
        expression=Func(
            F("due_at"),
            F("shift"),
            template="timezone('UTC', timezone('UTC', %(expressions)s * interval '1 second')",
            arg_joiner=") + ",
        ),
        output_field=models.DateTimeField(),
        db_persist=True,
    )
    timing = models.CharField(
        "how soon they want to start, as answered", max_length=20, blank=True, default="", db_default=""
    )

    pause = models.CharField(max_length=6, choices=PauseKind, blank=True, default="", db_default="")
    pause_reason = models.CharField(max_length=20, choices=PauseReason, blank=True, default="", db_default="")
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_until = models.DateTimeField(null=True, blank=True)
    clock_stopped_for = models.DurationField(default=timedelta, db_default=timedelta())
    placed_at = models.DateTimeField(null=True, blank=True)
    first_contact_at = models.DateTimeField("first two-way contact", null=True, blank=True)
    attempt_count = models.PositiveSmallIntegerField(default=0)
    enquiry_count = models.PositiveSmallIntegerField(default=1)
    furthest_step = models.PositiveSmallIntegerField(
        "furthest step of the funnel, kept by the database from the history", default=0, editable=False
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    disposition = models.CharField(max_length=20, choices=Disposition, blank=True)
    destination = EncryptedTextField(blank=True)

    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="duplicates"
    )

    pages_closed_at = models.DateTimeField(
        "callers' pages of enquiries up to then are closed", null=True, blank=True
    )

    channel = models.CharField(max_length=10, choices=LeadChannel)
    source = models.CharField(max_length=100, blank=True)
    campaign = models.CharField(max_length=60, blank=True, default="", db_default="")
    landing = models.CharField(
        "page on which the visit began", max_length=60, blank=True, default="", db_default=""
    )
    main_substance = models.CharField(max_length=30, blank=True)
    wants_interpreter = EncryptedTextField(blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(queue__in=PLACED, level__isnull=False) | ~Q(queue__in=PLACED),
                name="placed_lead_has_level",
            ),
            models.CheckConstraint(
                condition=Q(owner=None, claimed_at=None, lease_until=None)
                | Q(owner__isnull=False, claimed_at__isnull=False, lease_until__isnull=False),
                name="owner_has_lease",
            ),
            models.CheckConstraint(
                condition=Q(stage=Stage.CLOSED, closed_at__isnull=False) & ~Q(disposition="")
                | ~Q(stage=Stage.CLOSED) & Q(closed_at=None, disposition=""),
                name="closed_lead_has_disposition",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(stage=Stage.CLOSED, disposition=Disposition.DUPLICATE),
                name="merged_lead_is_closed_as_duplicate",
            ),
            models.CheckConstraint(
                condition=Q(pause="", paused_at=None, paused_until=None)
                | ~Q(pause="") & Q(paused_at__isnull=False, paused_until__gt=F("paused_at")),
                name="pause_has_begin_and_end",
            ),
            models.CheckConstraint(
                condition=~Q(pause__in=PauseKind.values, level__in=[Level.E1, Level.E2]),
                name="emergency_is_never_set_aside",
            ),
        )
        indexes = (
            # crm.selectors.queues.queue_page: keyset pages of one queue, most pressing first
            models.Index(
                fields=["queue", "band", "priority_at", "id"], condition=OPEN, name="lead_queue_order"
            ),
            # crm.selectors.queues: what is set aside
            models.Index(fields=["paused_until"], condition=OPEN & ~Q(pause=""), name="lead_set_aside"),
            # crm.selectors.board: the columns of the board, most pressing first
            models.Index(
                fields=["stage", "band", "priority_at", "id"], condition=OPEN, name="lead_stage_order"
            ),
            # crm.selectors.queues.mine
            models.Index(fields=["owner", "due_at"], condition=OPEN, name="lead_owner_open"),
            # crm.reports: cohorts by the day of the enquiry
            models.Index(fields=["site", "received_at"], name="lead_site_received"),
            # crm.selectors.leads.open_leads_of: a repeat enquiry joins its open lead
            models.Index(fields=["caller"], condition=OPEN, name="lead_caller_open"),
            models.Index(fields=["patient"], condition=OPEN, name="lead_patient_open"),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        return self.stage not in {Stage.CLOSED, Stage.ADMITTED}

    @property
    def awaits_contact(self) -> bool:
        """Return whether somebody waits to hear from us: the first time, or since they wrote again."""
        return self.band != Band.FOLLOW_UP

    @property
    def is_reached(self) -> bool:
        """Return whether we have been in touch with them, and nothing but a follow-up is to be done."""
        return self.first_contact_at is not None and not self.awaits_contact

    @property
    def clock_ends_at(self) -> datetime:
        """Return when the first response is late: the promise, and the time for which the clock stood."""
        return self.respond_by + self.clock_stopped_for

    def is_overdue(self, at: datetime) -> bool:
        """Return whether nobody has had two-way contact while the clock ran."""
        return self.is_open and self.first_contact_at is None and self.clock_ends_at < at

    def is_paused(self, at: datetime) -> bool:
        """Return whether the lead is set aside: it comes back by the clock, whoever looks."""
        return self.paused_until is not None and self.paused_until > at


class LeadReference(models.Model):
    """Every reference that a caller was ever given, so that any of them finds the lead."""

    reference = models.CharField(max_length=9, primary_key=True)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="references")

    def __str__(self) -> str:
        return self.reference


class Placement(models.Model):
    """One routing decision with its reasons, exactly as it was made. Never edited (database trigger)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="placements")
    decision_key = models.CharField("what was decided upon", max_length=80, unique=True)
    rule_set_version = models.CharField(max_length=40, blank=True)
    answers = EncryptedJSONField(default=dict)
    rules = models.JSONField("rules that fired: id, reason, level", default=list)
    decided_level = models.CharField("level the decision asks for", max_length=2, choices=Level)
    level = models.CharField("level after it", max_length=2, choices=Level)
    queue = models.CharField(max_length=10, choices=Queue)
    holds = ArrayField(models.CharField(max_length=12), default=list)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="placements", help_text="Empty: the rules."
    )
    confirmed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="confirmed_placements"
    )
    reason_code = models.CharField(max_length=20, choices=ReasonCode, blank=True)
    reason = EncryptedTextField(blank=True)
    decided_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["lead", "-decided_at"], name="placement_by_lead"),)

    def __str__(self) -> str:
        return f"{self.level} for lead {self.lead_id}"
