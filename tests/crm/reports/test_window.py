"""Windows: whole days by the clock of each site; managers see their own sites only."""

from dataclasses import replace
from datetime import UTC, date, datetime

from crm.enums import Role
from crm.models import Site, User
from crm.reports.window import managed_sites, today_at
from tests.crm.reports.past import window
from tests.factories import MembershipFactory, SiteFactory


def test_days_begin_at_midnight_of_each_site_in_summer_and_winter() -> None:
    sites = (Site(time_zone="Europe/London"), Site(time_zone="America/New_York"))
    view = replace(window(*sites), first=date(2026, 3, 1), latest=date(2026, 3, 31))
    values = view.parameters()
    assert values["start_0"] == values["earliest"] == datetime(2026, 3, 1, 0, tzinfo=UTC)
    assert values["start_1"] == datetime(2026, 3, 1, 5, tzinfo=UTC)
    assert values["end_0"] == datetime(2026, 3, 31, 23, tzinfo=UTC)
    assert values["end_1"] == datetime(2026, 4, 1, 4, tzinfo=UTC)


def test_today_is_the_first_sites() -> None:
    evening = datetime(2026, 6, 15, 23, 30, tzinfo=UTC)
    assert today_at((Site(time_zone="Europe/London"),), evening) == date(2026, 6, 16)
    assert today_at((Site(time_zone="America/New_York"),), evening) == date(2026, 6, 15)


def test_managed_sites_are_those_of_the_role(manager: User, site: Site) -> None:
    second = SiteFactory(name="Second House")
    MembershipFactory(user=manager, site=second, role=Role.MANAGER)
    MembershipFactory(user=manager, site=SiteFactory(), role=Role.CLINICAL_LEAD)
    assert managed_sites(manager) == (site, second)


def test_a_superuser_without_a_membership_manages_nothing(db: None) -> None:
    assert managed_sites(User.objects.create_superuser("root@threshold.example")) == ()
