"""Entering bank holidays as days on which nobody is on shift."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays
from django.db import transaction

from crm.models import ClosedDate, Site

AHEAD = timedelta(days=400)
NATIONS = {"England": "ENG", "Wales": "WLS", "Scotland": "SCT", "Northern Ireland": "NIR"}


@transaction.atomic
def close_on_bank_holidays(*, at: datetime) -> int:
    """Enter the bank holidays of the next 400 days at every site that keeps them; return how many were new.

    A day that is entered already stays as it is, also one on which the site is open after all.
    """
    sites = Site.objects.filter(keeps_bank_holidays=True, is_always_staffed=False)
    new = [closed for site in sites for closed in _closed_dates(site, at)]
    before = ClosedDate.objects.count()
    ClosedDate.objects.bulk_create(new, ignore_conflicts=True)
    return ClosedDate.objects.count() - before


def bank_holidays(site: Site, begin: date, end: date) -> dict[date, str]:
    """Return the public holidays of the site's nation by date, from `begin` up to and without `end`."""
    years = range(begin.year, end.year + 1)
    nation = NATIONS.get(site.nation) if site.locale == "GB" else None
    known = holidays.country_holidays(site.locale, subdiv=nation, years=years)
    return {day: name for day, name in sorted(known.items()) if begin <= day < end}


def _closed_dates(site: Site, at: datetime) -> list[ClosedDate]:
    today = at.astimezone(ZoneInfo(site.time_zone)).date()
    found = bank_holidays(site, today, today + AHEAD)
    return [ClosedDate(site=site, date=day, reason=name[:100]) for day, name in found.items()]
