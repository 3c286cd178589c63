"""Marked tests by the ways of one person, and their word that those came."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from crm.alert_words import my_alerts_link
from crm.came_tokens import came_token
from crm.enums import WayCheckKind
from crm.models import Shift, StaffChannel, User, WayCheck
from crm.refusals import JustTested, OverByNow
from crm.selectors.ways import with_addresses
from notifications.catalogue import MessageKind
from notifications.channels.registry import channels_in_use
from notifications.enums import ChannelName
from notifications.services.outbox import queue_message, recipient_token

TEST_GOOD_FOR = timedelta(hours=1)
PAUSE = timedelta(minutes=1)


@transaction.atomic
def try_own_ways(*, user: User, at: datetime) -> list[WayCheck]:
    """Send a marked test by each way that alerts would take, e-mail included. Raises JustTested."""
    User.objects.select_for_update().get(pk=user.pk)
    latest = WayCheck.objects.filter(user=user, kind=WayCheckKind.TEST, sent_at__gt=at - PAUSE)
    if latest.exists():
        raise JustTested
    return [send_test(user=user, way=way, at=at, until=at + TEST_GOOD_FOR) for way in ways_to_test(user)]


def ways_to_test(user: User) -> list[StaffChannel | None]:
    """Return what alerts to somebody take; None stands for the e-mail address of the account."""
    ways = StaffChannel.in_use(user=user, channel__in=channels_in_use())
    mine = with_addresses(ways.order_by("added_at", "pk"))
    return [None, *(way for way, address in mine if address is not None)]


def send_test(
    *, user: User, way: StaffChannel | None, at: datetime, until: datetime, shift: Shift | None = None
) -> WayCheck:
    """Send a test by one way, and by no other if that fails: what is asked is whether this one works."""
    channel = ChannelName(way.channel) if way else ChannelName.EMAIL
    to = way.address if way else user.email
    kind = WayCheckKind.SHIFT if shift else WayCheckKind.TEST
    check = WayCheck(user=user, way=way, channel=channel, recipient=recipient_token(to), kind=kind)
    check.shift, check.sent_at, check.expires_at = shift, at, until
    check.message = queue_message(
        kind=MessageKind.WAY_TEST,
        to=to,
        context=_context(check),
        dedupe_key=f"way-test:{check.pk}",
        about=None,
        at=at,
        channel=channel,
        expires_at=until,
        person=user.pk,
    )
    check.save()
    return check


@transaction.atomic
def note_that_it_came(*, check: WayCheck, at: datetime) -> None:
    """Note its owner's word that a test came, once. Raises OverByNow."""
    if check.confirmed_at:
        return
    open_ones = WayCheck.objects.filter(pk=check.pk, confirmed_at=None, expires_at__gt=at)
    if not open_ones.exclude(kind=WayCheckKind.CODE).update(confirmed_at=at):
        raise OverByNow
    if check.way_id:
        way = StaffChannel.objects.filter(pk=check.way_id, verified_at__isnull=False)
        way.update(confirmed_at=at, failing_since=None, failing_why="")


def _context(check: WayCheck) -> dict[str, str]:
    token = came_token(check.pk)
    context = {"link": my_alerts_link(), "came_link": settings.BASE_URL + reverse("crm:came", args=[token])}
    if check.channel == ChannelName.VOICE:
        context["came_call"] = settings.BASE_URL + reverse("crm:came_call", args=[token])
    return context | ({"shift_at": _local(check.shift)} if check.shift else {})


def _local(shift: Shift) -> str:
    return f"{shift.starts_at.astimezone(ZoneInfo(shift.site.time_zone)):%A %H:%M}"
