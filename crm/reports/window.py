"""What a report looks at: which sites, and which days, each in its site's own time."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crm.enums import Role
from crm.models import Site, User

SqlValue = Any  # whatever psycopg can send


@dataclass(frozen=True)
class Window:
    """The enquiries of `sites` from the day `first` to `latest`, both included, as they stand `at` a time."""

    sites: tuple[Site, ...]
    first: date
    latest: date
    at: datetime

    @property
    def today(self) -> date:
        return today_at(self.sites, self.at)

    def parameters(self) -> dict[str, SqlValue]:
        """Return what the SQL of crm.reports.enquiries asks for: one array entry a site."""
        starts = [_midnight(self.first, site) for site in self.sites]
        ends = [_midnight(self.latest + timedelta(days=1), site) for site in self.sites]
        return {
            "sites": [site.pk for site in self.sites],
            "zones": [site.time_zone for site in self.sites],
            "starts": starts,
            "ends": ends,
            "earliest": min(starts),
            "at": self.at,
        }


def managed_sites(user: User) -> tuple[Site, ...]:
    """Return the sites whose figures the user may see: those where they are a manager."""
    sites = Site.objects.filter(memberships__user=user, memberships__role=Role.MANAGER)
    return tuple(sites.order_by("-is_default", "name"))


def today_at(sites: tuple[Site, ...], at: datetime) -> date:
    """Return the date at the first site."""
    return at.astimezone(ZoneInfo(sites[0].time_zone)).date()


def _midnight(day: date, site: Site) -> datetime:
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(site.time_zone))
