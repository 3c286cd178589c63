"""Before a shift on call: a test by each way that an alert would take; managers hear if it is not confirmed.

It is sent by day: at the earliest the day before, and two hours before at the latest, whatever the hour.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from crm.enums import Role
from crm.models import Shift, Site, StaffChannel, User, WayCheck
from crm.selectors.reach import doubts_about, reach_of
from crm.selectors.ways import with_addresses
from crm.services.way_checks import send_test
from notifications.catalogue import MessageKind
from notifications.enums import ChannelName
from notifications.services.outbox import queue_message

AHEAD = timedelta(hours=24)
LATEST = timedelta(hours=2)
BY_DAY = range(9, 20)  # hours of the site's clock
TOLD_UNTIL = timedelta(hours=1)  # after it began: then the managers have been told


def check_before_shifts(*, at: datetime) -> None:
    """Send the tests that are due, and tell the managers of the shifts that begin with a doubt."""
    for shift in _on_call().filter(starts_at__gt=at, starts_at__lte=at + AHEAD):
        if _may_be_asked(shift, at):
            _ask(shift, at)
    begun = list(_on_call().filter(starts_at__gt=at - TOLD_UNTIL, starts_at__lte=at))
    doubts = doubts_about(begun, at)
    for shift in begun:
        if shift.pk in doubts:
            _tell_managers(shift, at)


def _on_call() -> QuerySet[Shift]:
    shifts = Shift.objects.filter(on_call__isnull=False, user__is_active=True)
    return shifts.select_related("user", "site").order_by("starts_at", "pk")


def _may_be_asked(shift: Shift, at: datetime) -> bool:
    hour = at.astimezone(ZoneInfo(shift.site.time_zone)).hour
    return hour in BY_DAY or shift.starts_at - at <= LATEST


def _ask(shift: Shift, at: datetime) -> None:
    """Send a test by each way that was not confirmed for a week, once for a shift."""
    asked = set(WayCheck.objects.filter(shift=shift).values_list("way", "channel"))
    for way in reach_of([shift.user])[shift.user_id].unconfirmed(shift.starts_at):
        if _key(way) in asked:
            continue
        for whole in _readable(way):
            send_test(user=shift.user, way=whole, at=at, until=shift.ends_at, shift=shift)


def _readable(way: StaffChannel | None) -> list[StaffChannel | None]:
    """Return the way with its address; nothing if our keys do not open that."""
    if way is None:
        return [None]
    rows = with_addresses(StaffChannel.objects.filter(pk=way.pk))
    return [whole for whole, address in rows if address is not None]


def _key(way: StaffChannel | None) -> tuple[object, str]:
    return (way.pk, way.channel) if way else (None, ChannelName.EMAIL)


def _tell_managers(shift: Shift, at: datetime) -> None:
    link = settings.BASE_URL + reverse("crm:rota", args=[shift.site.slug])
    for manager in _managers(shift.site):
        queue_message(
            kind=MessageKind.WAYS_UNCONFIRMED,
            to=manager.email,
            context={"link": link},
            dedupe_key=f"ways-unconfirmed:{shift.pk}:{manager.pk}",
            about=None,
            at=at,
        )


def _managers(site: Site) -> QuerySet[User]:
    return User.objects.filter(is_active=True, memberships__site=site, memberships__role=Role.MANAGER)
