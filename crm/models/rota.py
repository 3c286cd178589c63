"""Who works when, who is away, who is watching, and what one shift leaves to the next."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from crm.enums import AwayReason
from crm.models.staff import Site, User
from jobs.ids import uuid7
from vault.fields import EncryptedTextField


class TsTzRange(Func):
    """The time from a start, included, to an end, not included."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Shift(models.Model):
    """One person at work at one site. `on_call` is the order in which those on call are rung.

    It is empty at the desk. Nobody has two shifts at once: the database refuses it, wherever the shifts are.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="shifts")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    on_call = models.PositiveSmallIntegerField("order on call", null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="shift_ends_after_it_starts"
            ),
            ExclusionConstraint(
                name="one_shift_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (TsTzRange("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
        )
        indexes = (
            # crm.selectors.rota and crm.selectors.opening: the shifts of a site in a stretch of time
            models.Index(fields=["site", "ends_at"], name="shift_of_site"),
        )

    def __str__(self) -> str:
        return f"{self.user} at {self.site}, {self.starts_at:%Y-%m-%d %H:%M} to {self.ends_at:%H:%M}"


class Absence(models.Model):
    """Somebody is not there for a while, also when on shift. Open until they are back."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="absences")
    reason = models.CharField(max_length=20, choices=AwayReason)
    away_at = models.DateTimeField()
    marked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    back_at = models.DateTimeField(null=True, blank=True)
    marked_back_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user"], condition=Q(back_at=None), name="one_open_absence"),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.get_reason_display().lower()}"


class Presence(models.Model):
    """When somebody last had the desk on a screen, and when they last did something there.

    Written at most once a minute. A screen that is left on shows that it is open, not that somebody watches.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="presence")
    seen_at = models.DateTimeField()
    acted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user}, {self.seen_at:%Y-%m-%d %H:%M}"


class HandoverNote(models.Model):
    """What whoever comes next must know. Never edited (database trigger): another note corrects it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="handover_notes")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    text = EncryptedTextField()

    class Meta:
        indexes = (models.Index(fields=["site", "-written_at"], name="handover_by_site"),)

    def __str__(self) -> str:
        return f"Note by {self.by}, {self.written_at:%Y-%m-%d %H:%M}"
