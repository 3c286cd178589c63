"""Durable work. The table is the queue of record; the broker only carries its ids (docs/adr)."""

from django.db import models
from django.db.models import Q

from jobs.enums import JobQueue
from jobs.ids import uuid7

OPEN = Q(done_at=None, dead_at=None)


class Job(models.Model):
    """One piece of work with its due time, lease, attempts and end.

    `due_at` is the promise, and lateness is measured against it. `publish_at` is the dispatcher's: when the
    id next goes to the broker. It begins as `due_at` and moves on by the lease with every publication and
    every claim, so that whatever a broker or a worker loses comes back by itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField("name of the Celery task", max_length=120)
    queue = models.CharField(max_length=20, choices=JobQueue)
    subject = models.UUIDField("id of what it is about", null=True)
    dedupe_key = models.CharField(max_length=200, unique=True)
    due_at = models.DateTimeField()
    publish_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    done_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    error_class = models.CharField("class of the latest error, never its text", max_length=120, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(dead_at=None), name="job_not_both_done_and_dead"
            ),
            models.CheckConstraint(
                condition=Q(lease_until=None, lease_token=None)
                | Q(lease_until__isnull=False, lease_token__isnull=False),
                name="job_lease_has_time_and_token",
            ),
        )
        indexes = (
            # jobs.services.dispatch.claim_due, twice a second; jobs.selectors.overdue_jobs
            models.Index(fields=["queue", "publish_at"], condition=OPEN, name="job_to_publish"),
            # jobs.selectors.dead_jobs: the managers' page
            models.Index(fields=["dead_at"], condition=Q(dead_at__isnull=False), name="job_dead"),
            # jobs.services.purge.purge_done_jobs
            models.Index(fields=["done_at"], condition=Q(done_at__isnull=False), name="job_done"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    def name_in_words(self) -> str:
        """Return what the job is, after the name of its task: "Place lead"."""
        return self.kind.rpartition(".")[2].replace("_", " ").capitalize()


class Heartbeat(models.Model):
    """When a background process was last seen at work: `beat` (through broker and worker), `dispatch`."""

    name = models.CharField(max_length=40, primary_key=True)
    beaten_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.beaten_at}"
