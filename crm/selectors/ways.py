"""By which channels each member of staff can be told."""

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

import structlog
from django.db.models import BinaryField, QuerySet
from django.db.models.functions import Cast

from crm.models import RemovedWay, StaffChannel, User
from notifications.channels.registry import channels_in_use
from notifications.enums import ChannelName, MessageKind
from notifications.services.outbox import recipient_search
from vault.keysets import VaultError

log = structlog.get_logger(__name__)

Ways = Mapping[ChannelName, tuple[str, ...]]  # the addresses for each channel, the one added first leading


def ways_to(people: Iterable[User]) -> dict[User, Ways]:
    """Return the addresses of each person that were verified and are not lost, in one query.

    Everybody who signs in has an e-mail address. Of the other channels those count that the settings open.
    A person may have several of one channel: a browser at home, and one at work. What our keys do not open
    is left out.
    """
    found: dict[User, dict[ChannelName, tuple[str, ...]]] = {
        user: {ChannelName.EMAIL: (user.email,)} for user in people
    }
    mine = {user.pk: ways for user, ways in found.items()}
    rows = StaffChannel.in_use(user__in=mine, channel__in=channels_in_use()).order_by("added_at", "pk")
    for way, address in with_addresses(rows):
        if address is not None:
            name = ChannelName(way.channel)
            mine[way.user_id][name] = (*mine[way.user_id].get(name, ()), address)
    return dict(found)


def with_addresses(rows: QuerySet[StaffChannel]) -> Iterator[tuple[StaffChannel, str | None]]:
    """Yield each way and its address, None if our keys do not open it: one such row must stop no alert."""
    for way in rows.defer("address").annotate(sealed=Cast("address", BinaryField())):
        yield way, _opened(way)


def _opened(way: StaffChannel) -> str | None:
    try:
        way.address = StaffChannel._meta.get_field("address").from_db_value(vars(way)["sealed"])
    except VaultError:
        log.exception("way_unreadable", way=str(way.pk))
        return None
    return way.address


def usable(wanted: Iterable[ChannelName], ways: Ways) -> tuple[ChannelName, ...]:
    """Return those channels by which a person can be told; e-mail if there is none: nobody is left out.

    Their own webhook is told whenever push is: steps of an alert do not name it.
    """
    named = tuple(wanted)
    both = (*named, ChannelName.WEBHOOK) if ChannelName.PUSH in named else named
    return tuple(channel for channel in dict.fromkeys(both) if channel in ways) or (ChannelName.EMAIL,)


def addresses(channels: Iterable[ChannelName], ways: Ways) -> list[tuple[ChannelName, str]]:
    """Return each address of some channels, in their order."""
    return [(channel, to) for channel in channels for to in ways.get(channel, ())]


def is_way_in_use(kind: MessageKind, channel: ChannelName, to: str, person: UUID | None = None) -> bool:
    """Return whether messages to a person still go to an address: not once they lost or removed it.

    Somebody else may have the same number, and goes on getting what is theirs. A code goes to one that is not
    verified yet. An address of which nothing is known is left alone: somebody sends a test from the shell.
    """
    if channel == ChannelName.EMAIL:
        return True
    there = {"channel": channel, "recipient__in": recipient_search(to)}
    known = list(StaffChannel.objects.filter(**there).values_list("user", "verified_at", "lost_at"))
    theirs = known if person is None else [each for each in known if each[0] == person]
    if any(lost is None and (verified or kind == MessageKind.WAY_CODE) for _, verified, lost in theirs):
        return True
    return not known and not RemovedWay.objects.filter(**there).exists()
