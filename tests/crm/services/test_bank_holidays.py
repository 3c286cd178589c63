"""Bank holidays become days on which nobody is on shift."""

from datetime import UTC, date, datetime, timedelta

import pytest

from crm.calling import call_by
from crm.enums import Level
from crm.models import ClosedDate, OpeningTime, Site
from crm.selectors.opening import opening_hours
from crm.services.bank_holidays import close_on_bank_holidays
from crm.tasks import keep_bank_holidays
from tests.factories import SiteFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
BOXING_DAY_OBSERVED = date(2026, 12, 28)  # a Monday: the 26th is a Saturday


def office(**place: object) -> Site:
    """Return a site with somebody there from nine to five, Monday to Friday."""
    site = SiteFactory(is_always_staffed=False, **place)
    for day in range(5):
        OpeningTime.objects.create(site=site, weekday=day, opens="09:00", closes="17:00")
    return Site.objects.get(pk=site.pk)


@pytest.mark.parametrize(
    ("place", "day", "is_one"),
    [
        ({"nation": "England"}, date(2027, 1, 4), False),
        ({"nation": "Scotland"}, date(2027, 1, 4), True),  # for the second of January, a Saturday
        ({"nation": "Northern Ireland"}, date(2027, 3, 17), True),
        ({"nation": "Wales"}, date(2027, 3, 17), False),
        ({"locale": "IE", "nation": ""}, date(2027, 3, 17), True),
        ({"locale": "US", "nation": ""}, date(2027, 7, 5), True),  # for the fourth, a Sunday
        ({"nation": "England"}, BOXING_DAY_OBSERVED, True),
    ],
)
def test_the_holidays_are_those_of_the_nation(place: dict[str, str], day: date, is_one: bool) -> None:
    site = office(**place)
    assert close_on_bank_holidays(at=AT) > 5
    assert site.closed_dates.filter(date=day).exists() is is_one


def test_only_sites_that_close_have_any_and_they_come_once() -> None:
    office(keeps_bank_holidays=False)
    SiteFactory()
    keep_bank_holidays(at=AT)
    assert ClosedDate.objects.count() == 0
    office()
    keep_bank_holidays(at=AT)
    once = ClosedDate.objects.count()
    assert once > 5
    assert close_on_bank_holidays(at=AT) == 0
    assert close_on_bank_holidays(at=AT + timedelta(days=30)) <= 1


def test_a_holiday_on_which_the_site_works_stays_a_working_day() -> None:
    site, monday = office(), datetime(2026, 12, 28, 10, tzinfo=UTC)
    close_on_bank_holidays(at=AT)
    assert not opening_hours(site).is_staffed(monday)
    site.closed_dates.filter(date=BOXING_DAY_OBSERVED).update(is_open=True)
    close_on_bank_holidays(at=AT)
    assert opening_hours(site).is_staffed(monday)


def test_a_pre_booked_promise_is_not_made_for_a_bank_holiday() -> None:
    site = office()
    thursday = datetime(2026, 12, 24, 12, tzinfo=UTC)
    assert call_by(Level.P1, thursday, opening_hours(site)) == datetime(2026, 12, 25, 12, tzinfo=UTC)
    close_on_bank_holidays(at=AT)
    assert call_by(Level.P1, thursday, opening_hours(site)) == datetime(2026, 12, 29, 10, tzinfo=UTC)


def test_a_site_may_count_staffed_minutes_for_pre_booked_levels() -> None:
    site = office(p1_staffed_minutes=480)
    friday = datetime(2027, 1, 8, 16, tzinfo=UTC)
    assert call_by(Level.P1, friday, opening_hours(site)) == datetime(2027, 1, 11, 16, tzinfo=UTC)
    assert call_by(Level.P2, friday, opening_hours(site)) == datetime(2027, 1, 11, 10, tzinfo=UTC)
    assert call_by(Level.U1, friday, opening_hours(site)) == friday + timedelta(minutes=30)
