"""Who is alerted after how long at a site, version by version."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from crm.enums import AlertLevel, Role, Who
from crm.models.staff import Site, User
from jobs.ids import uuid7
from notifications.enums import ChannelName


class AlertPolicy(models.Model):
    """One version of a site's steps for one level, who made it and why. Never edited (database trigger).

    A site that has none alerts as delivered (crm.alert_steps.SHIPPED).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="alert_policies")
    level = models.CharField(max_length=10, choices=AlertLevel)
    version = models.PositiveIntegerField()
    repeat_after = models.PositiveIntegerField("seconds after which the last step is repeated")
    reason = models.CharField(max_length=300)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="alert_policies")
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["site", "level", "version"], name="one_alert_policy_a_version"),
            models.CheckConstraint(condition=Q(repeat_after__gte=60), name="alerts_repeat_at_most_a_minute"),
        )

    def __str__(self) -> str:
        return f"Alert policy {self.version} of {self.site_id} for {self.level}"


class AlertStep(models.Model):
    """One line of a policy: whom to tell so many seconds after the alert began, by which channels."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    policy = models.ForeignKey(AlertPolicy, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    after = models.PositiveIntegerField("seconds after the alert began")
    who = models.CharField(max_length=12, choices=Who)
    role = models.CharField(max_length=20, choices=Role, blank=True)
    channels = ArrayField(models.CharField(max_length=10, choices=ChannelName))

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["policy", "position"], name="one_alert_line_a_position"),
            models.CheckConstraint(
                condition=Q(who=Who.ROLE) & ~Q(role="") | ~Q(who=Who.ROLE) & Q(role=""),
                name="alert_line_has_role_where_it_names_one",
            ),
        )

    def __str__(self) -> str:
        return f"{self.who} after {self.after} s"
