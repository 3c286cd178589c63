"""A site's rota: its weeks, whoever is on shift, and the shifts of one person."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from crm.models import Membership, Shift, Site, User

DAY = timedelta(days=1)
OWN_SHIFTS_AHEAD = timedelta(days=35)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the rota, by the site's calendar: the shifts that begin on it."""

    date: date
    shifts: list[Shift]
    is_today: bool


def monday_of(day: date) -> date:
    """Return the first day of the week that a day is in."""
    return day - day.weekday() * DAY


def local_date(site: Site, at: datetime) -> date:
    """Return which day it is at a site."""
    return at.astimezone(ZoneInfo(site.time_zone)).date()


def shifts_of_week(site: Site, monday: date) -> list[Shift]:
    """Return the shifts that begin in a week, by the site's clock, the earliest first."""
    begins, ends = (midnight(site, day) for day in (monday, monday + 7 * DAY))
    shifts = Shift.objects.filter(site=site, starts_at__gte=begins, starts_at__lt=ends)
    return list(shifts.select_related("user").order_by("starts_at", "on_call", "user__full_name", "id"))


def week(site: Site, monday: date, at: datetime) -> list[Day]:
    """Return the seven days of a week, in one query."""
    zone, today = ZoneInfo(site.time_zone), local_date(site, at)
    shifts = shifts_of_week(site, monday)
    days = [monday + number * DAY for number in range(7)]
    return [
        Day(day, [each for each in shifts if each.starts_at.astimezone(zone).date() == day], day == today)
        for day in days
    ]


def shifts_in_the_way(
    user: User, starts_at: datetime, ends_at: datetime, *, besides: Shift | None
) -> QuerySet[Shift]:
    """Return the shifts of somebody that overlap a stretch of time, at whatever site."""
    overlapping = Shift.objects.filter(user=user, starts_at__lt=ends_at, ends_at__gt=starts_at)
    others = overlapping.exclude(pk=besides.pk) if besides else overlapping
    return others.select_related("site", "user")


def on_call_in_the_way(
    site: Site, number: int, starts_at: datetime, ends_at: datetime, *, besides: Shift | None
) -> QuerySet[Shift]:
    """Return the shifts of a site that have the same number on call in a stretch of time."""
    overlapping = Shift.objects.filter(
        site=site, on_call=number, starts_at__lt=ends_at, ends_at__gt=starts_at
    )
    others = overlapping.exclude(pk=besides.pk) if besides else overlapping
    return others.select_related("user")


def own_shifts(user: User, at: datetime) -> list[Shift]:
    """Return somebody's shifts of the next five weeks, at every site, the one going on first."""
    ahead = Shift.objects.filter(user=user, ends_at__gt=at, starts_at__lt=at + OWN_SHIFTS_AHEAD)
    return list(ahead.select_related("site").order_by("starts_at"))


def staff_of(site: Site) -> list[User]:
    """Return who may be put on the rota."""
    members = Membership.objects.filter(site=site, user__is_active=True).select_related("user")
    return sorted((each.user for each in members), key=str)


def midnight(site: Site, day: date) -> datetime:
    """Return when a day begins at a site."""
    return datetime.combine(day, time(), tzinfo=ZoneInfo(site.time_zone))
