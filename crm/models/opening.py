"""When somebody is on shift at a site."""

from django.db import models

from crm.models.staff import Site
from jobs.ids import uuid7


class Weekday(models.IntegerChoices):
    """As Python counts them."""

    MONDAY = 0, "Monday"
    TUESDAY = 1, "Tuesday"
    WEDNESDAY = 2, "Wednesday"
    THURSDAY = 3, "Thursday"
    FRIDAY = 4, "Friday"
    SATURDAY = 5, "Saturday"
    SUNDAY = 6, "Sunday"


class OpeningTime(models.Model):
    """One shift of the week, in the site's own time. One that closes before it opens ends the next day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="opening_times")
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    opens = models.TimeField()
    closes = models.TimeField(help_text="Midnight is 00:00. An earlier time than it opens is the next day.")

    class Meta:
        ordering = ("weekday", "opens")
        constraints = (
            models.UniqueConstraint(fields=["site", "weekday", "opens"], name="one_shift_begins_at_a_time"),
        )

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M} to {self.closes:%H:%M}"


class ClosedDate(models.Model):
    """A day on which no shift begins, such as a bank holiday."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="closed_dates")
    date = models.DateField()
    reason = models.CharField("for staff", max_length=100, blank=True)
    is_open = models.BooleanField(
        "open after all",
        default=False,
        help_text="Tick it for a bank holiday on which you work: one that is deleted comes back by itself.",
    )

    class Meta:
        ordering = ("date",)
        constraints = (models.UniqueConstraint(fields=["site", "date"], name="closed_once_a_day"),)

    def __str__(self) -> str:
        return f"{self.date:%-d %B %Y}"
