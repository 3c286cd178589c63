"""What a report looks at: which sites, and which days, each in its site's own time."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crm.enums import Role
from crm.models import Site, User

SqlValue = Any  # whatever psycopg can send
_DAYS_OF_ONE_SITE = (
    "(lead.site_id = %(site_{0})s AND lead.received_at >= %(start_{0})s AND lead.received_at < %(end_{0})s)"
)


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

    @property
    def where(self) -> str:
        """Return the SQL condition that a lead lies in the window.

        Values of their own for each site, not a join: PostgreSQL then knows how many leads to expect.
        """
        return " OR ".join(_DAYS_OF_ONE_SITE.format(number) for number, _ in enumerate(self.sites))

    def parameters(self) -> dict[str, SqlValue]:
        """Return the values of `where`, and `at`; `earliest` is the first moment of the window anywhere."""
        values: dict[str, SqlValue] = {"at": self.at}
        for number, site in enumerate(self.sites):
            values[f"site_{number}"] = site.pk
            values[f"start_{number}"] = _midnight(self.first, site)
            values[f"end_{number}"] = _midnight(self.latest + timedelta(days=1), site)
        starts = [_midnight(self.first, site) for site in self.sites]
        return values | {"earliest": min(starts)}


def managed_sites(user: User) -> tuple[Site, ...]:
    """Return the sites whose figures the user may see: those where they are a manager."""
    sites = Site.objects.filter(memberships__user=user, memberships__role=Role.MANAGER)
    return tuple(sites.order_by("-is_default", "name"))


def today_at(sites: tuple[Site, ...], at: datetime) -> date:
    """Return the date at the first site."""
    return at.astimezone(ZoneInfo(sites[0].time_zone)).date()


def _midnight(day: date, site: Site) -> datetime:
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(site.time_zone))
