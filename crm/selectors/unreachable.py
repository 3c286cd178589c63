"""At which sites nobody could be told of an urgent lead now, or not everybody who should be."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from crm.models import User
from crm.selectors.alerting import Colleague, everybody
from crm.selectors.reach import Reach, reach_of
from crm.selectors.ways import ways_to
from notifications.enums import ChannelName
from notifications.selectors import ways_out


@dataclass(frozen=True, slots=True)
class Outs:
    """The channels that are not out of order; `only_email`: the settings open nothing else."""

    working: frozenset[ChannelName]
    only_email: bool


def unreachable(sites: Collection[UUID], at: datetime) -> Iterator[UUID]:
    """Yield where somebody on call cannot be woken; with nobody on call, where nobody can be told."""
    outs, staff = _outs(), everybody(at)
    on_call = {site: [each for each in some if _is_on_call(each)] for site, some in staff.items()}
    woken = _woken({each.user for some in on_call.values() for each in some}, outs)
    reached = _reached({each.user for some in staff.values() for each in some}, outs)
    for site in sites:
        first = [each.user for each in on_call.get(site, [])]
        others = [each.user for each in _told_first(staff.get(site, []))]
        if (first and not woken.issuperset(first)) or (not first and others and reached.isdisjoint(others)):
            yield site


def _outs() -> Outs:
    outs = ways_out()
    working = frozenset(way.channel for way in outs if not way.open_circuits)
    return Outs(working, only_email=[way.channel for way in outs] == [ChannelName.EMAIL])


def _is_on_call(colleague: Colleague) -> bool:
    return bool(colleague.place) and not colleague.is_away


def _told_first(staff: Collection[Colleague]) -> list[Colleague]:
    """Return who is told while nobody is on call: those on shift, or everybody who gets alerts."""
    alerted = [each for each in staff if each.gets_alerts]
    return [each for each in alerted if each.place is not None and not each.is_away] or alerted


def _woken(people: Collection[User], outs: Outs) -> set[User]:
    """Return who of those on call can be woken: e-mail wakes nobody, unless there is nothing else here."""
    if outs.only_email:
        return set(people) if outs.working else set()
    return {each.user for each in reach_of(people).values() if _works(each, outs)}


def _works(reach: Reach, outs: Outs) -> bool:
    return any(way.failing_since is None and way.channel in outs.working for way in reach.ways)


def _reached(people: Collection[User], outs: Outs) -> set[User]:
    """Return whom a message could get to by anything."""
    return {user for user, own in ways_to(people).items() if outs.working & own.keys()}
