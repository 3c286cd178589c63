"""What is wrong with the desk as a whole: its alarms, the signs they follow, and who was told."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from crm.enums import alarm_kinds
from crm.models.staff import Site, User
from jobs.ids import uuid7


class Alarm(models.Model):
    """Something is wrong at a site, or at all of them (no site). One of a kind is open there at a time.

    `what` names it where the kind does not: in words of staff, without personal data.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=20, choices=alarm_kinds)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, null=True, blank=True, related_name="alarms")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    what = models.CharField(max_length=300, blank=True, default="", db_default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "site"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="one_open_alarm_of_a_kind",
            ),
            models.CheckConstraint(condition=Q(ended_at__gte=F("since")), name="alarm_ends_after_it_began"),
        )
        indexes = (
            # crm.selectors.alarms.past_alarms; crm.services.alarm_news
            models.Index(fields=["-ended_at"], name="alarm_by_end"),
        )

    def __str__(self) -> str:
        return f"{self.kind} since {self.since:%Y-%m-%d %H:%M}"


class AlarmSign(models.Model):
    """Since when a condition of an alarm has held without a break, or has not held.

    An alarm follows its sign only after a while, either way: what comes and goes rings nobody.
    """

    kind = models.CharField(max_length=20, choices=alarm_kinds)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, null=True, related_name="+")
    holds = models.BooleanField()
    since = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "site"], nulls_distinct=False, name="one_sign_of_a_kind_of_alarm"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {'holds' if self.holds else 'is over'} since {self.since:%Y-%m-%d %H:%M}"


class AlarmNotice(models.Model):
    """One person was told, at one moment, of all alarms there were; or that some are over (`is_over`)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    told_at = models.DateTimeField()
    alarms = ArrayField(models.UUIDField())
    is_over = models.BooleanField(default=False)

    class Meta:
        indexes = (
            # crm.selectors.alarm_news: who knows of what
            models.Index(fields=["-told_at"], name="alarm_notice_by_time"),
        )

    def __str__(self) -> str:
        return f"{self.user_id}, {self.told_at:%Y-%m-%d %H:%M}"
