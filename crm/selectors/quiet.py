"""Quiet hours leave e-mail, and never silence whoever is at work or the last who could be woken."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef

from crm.models import Presence, QuietHours, Shift, User
from crm.selectors.ways import Ways, usable
from notifications.enums import ChannelName

AT_THE_SCREEN_FOR = timedelta(minutes=30)  # since somebody last did something at the desk
Told = Mapping[User, tuple[ChannelName, ...]]


def resting(people: Iterable[User], at: datetime) -> frozenset[User]:
    """Return who of them has quiet hours now and is not at work: on shift, on call, or at the screen."""
    mine = {user.pk: user for user in people}
    on_shift = Shift.objects.filter(user=OuterRef("user"), starts_at__lte=at, ends_at__gt=at)
    at_screen = Presence.objects.filter(user=OuterRef("user"), acted_at__gt=at - AT_THE_SCREEN_FOR)
    wishes = QuietHours.objects.filter(~Exists(on_shift), ~Exists(at_screen), user__in=mine)
    return frozenset(mine[wish.user_id] for wish in wishes if holds(wish, at))


def holds(wish: QuietHours, at: datetime) -> bool:
    """Return whether it is quiet at a moment; hours that end no later than they begin end the next day."""
    clock = at.astimezone(ZoneInfo(wish.time_zone)).time()
    if wish.begins < wish.ends:
        return wish.begins <= clock < wish.ends
    return clock >= wish.begins or clock < wish.ends


def with_rest(told: Told, ways: Mapping[User, Ways], rest: frozenset[User]) -> Told:
    """Return whom to tell by what, whoever rests by e-mail only: if somebody is left who can be woken."""
    awake = [user for user in told if user not in rest]
    if not any(set(usable(told[user], ways[user])) - {ChannelName.EMAIL} for user in awake):
        return told
    return {user: (ChannelName.EMAIL,) if user in rest else channels for user, channels in told.items()}
