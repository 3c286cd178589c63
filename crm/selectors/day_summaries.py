"""When the managers of a site get the summary of the day before, and who does."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from crm.enums import Role
from crm.models import Lead, Shift, Site, User

DAY = timedelta(days=1)
LATE = timedelta(hours=1)
WANTS_IT = Q(is_active=True, wants_day_summary=True)


@dataclass(frozen=True, slots=True)
class DueSummary:
    """The summary of one day of a site that was due last. `day` is over by then, by the site's clock."""

    site: Site
    day: date
    due_at: datetime

    def is_late(self, at: datetime) -> bool:
        return at - self.due_at > LATE


def due_summaries(at: datetime, *, only: UUID | None = None) -> Iterator[DueSummary]:
    """Yield what was due last at each site. Days before that are not made up for: one message, not a storm.

    None for a site where nothing is set up, neither a lead nor a shift, or where no manager wants it; and
    none that was due before the site was there, or before it was to have a summary.
    """
    for site in _sites().filter(pk=only) if only else _sites():
        if site.day_summary_at is not None:
            due = _latest(site, site.day_summary_at, at)
            if due.due_at >= site.day_summary_since:
                yield due


def due_summary(site: UUID, at: datetime) -> DueSummary | None:
    """Return what was due last at one site, None if it has no summary."""
    return next((due for due in due_summaries(at, only=site)), None)


def managers_to_tell(site: Site) -> QuerySet[User]:
    """Return the managers of a site who want its summary."""
    managers = User.objects.filter(WANTS_IT, memberships__site=site, memberships__role=Role.MANAGER)
    return managers.order_by("email")


def _sites() -> QuerySet[Site]:
    managed = User.objects.filter(WANTS_IT, memberships__site=OuterRef("pk"), memberships__role=Role.MANAGER)
    leads, shifts = (model.objects.filter(site=OuterRef("pk")) for model in (Lead, Shift))
    in_use = Exists(leads) | Exists(shifts)
    return Site.objects.filter(Exists(managed), in_use, day_summary_at__isnull=False).order_by("pk")


def _latest(site: Site, clock: time, at: datetime) -> DueSummary:
    """Return what was due last. A time that a change of the clocks skips is kept by the clocks before it."""
    zone = ZoneInfo(site.time_zone)
    on = at.astimezone(zone).date()
    if datetime.combine(on, clock, tzinfo=zone) > at:
        on -= DAY
    return DueSummary(site, on - DAY, datetime.combine(on, clock, tzinfo=zone))
