"""A way to a member of staff that is no more: it is not used again, and they hear of it by what is left."""

from datetime import datetime

from django.db import transaction

from crm.alert_words import my_alerts_link
from crm.enums import LossOfWay
from crm.models import StaffChannel, User
from crm.selectors.ways import addresses, ways_to
from notifications.catalogue import MessageKind
from notifications.enums import ChannelName
from notifications.services.outbox import Way, queue_message, recipient_search


def lose_stopped_way(channel: ChannelName, to: str, at: datetime) -> None:
    """Send nothing more to a number of staff that told its provider to stop texts."""
    lose_ways(channel, to, why=LossOfWay.STOPPED, at=at)


def lose_gone_way(channel: ChannelName, to: str, at: datetime) -> None:
    """Send nothing more to what its provider says is gone."""
    lose_ways(channel, to, why=LossOfWay.GONE, at=at)


def note_result(channel: ChannelName, to: str, wrong: str, at: datetime) -> None:
    """Note since when what is sent to an address of staff does not get through, and that it does again."""
    if channel == ChannelName.EMAIL:
        return
    mine = StaffChannel.objects.filter(channel=channel, recipient__in=recipient_search(to))
    if wrong:
        mine.filter(failing_since=None).update(failing_since=at, failing_why=wrong)
    else:
        mine.filter(failing_since__isnull=False).update(failing_since=None, failing_why="")


@transaction.atomic
def lose_ways(channel: ChannelName, to: str, *, why: LossOfWay, at: datetime) -> int:
    """Take an address of staff out of use and tell its owners, each once; return how many there were."""
    mine = StaffChannel.objects.filter(channel=channel, recipient__in=recipient_search(to), lost_at=None)
    lost = list(mine.defer("address").select_for_update(of=("self",)).select_related("user"))
    for way in lost:
        way.lost_at, way.lost_why = at, why
        way.save(update_fields=["lost_at", "lost_why"])
        _tell(way, at)
    return len(lost)


def take_up_ways(channel: ChannelName, to: str) -> int:
    """Use a number again from which START was texted: that undoes STOP, and only that."""
    stopped = StaffChannel.objects.filter(
        channel=channel, recipient__in=recipient_search(to), lost_why=LossOfWay.STOPPED
    )
    return stopped.update(lost_at=None, lost_why="")


def _tell(way: StaffChannel, at: datetime) -> None:
    """Say which kind of way it was, never which number. By e-mail first: that is always there."""
    if not way.user.is_active or way.verified_at is None:
        return
    queue_message(
        kind=MessageKind.WAY_LOST,
        to=way.user.email,
        context={"way": str(way.get_channel_display()).lower(), "link": my_alerts_link()},
        dedupe_key=f"way-lost:{way.pk}:{at.isoformat()}",
        about=None,
        at=at,
        ways=_others(way.user),
        person=way.user_id,
    )


def _others(user: User) -> list[Way]:
    ways = ways_to([user])[user]
    return [Way(channel, to) for channel, to in addresses(ways, ways) if channel != ChannelName.EMAIL]
