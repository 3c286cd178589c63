"""Whether staff can be reached, without saying where: kinds of ways, and what they have confirmed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from crm.models import Shift, Site, StaffChannel, User, WayCheck
from crm.selectors.rota import staff_of
from crm.selectors.way_tests import Tests, in_words, latest_tests
from notifications.channels.registry import channels_in_use
from notifications.enums import ChannelName

CONFIRMED_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Reach:
    """One person: the ways besides e-mail that alerts to them take, and which of those fail just now."""

    user: User
    ways: list[StaffChannel]
    email_confirmed_at: datetime | None

    @property
    def failing(self) -> list[str]:
        """Return the kinds of way by which the latest message did not get through."""
        failing = (way for way in self.ways if way.failing_since)
        return list(dict.fromkeys(str(way.get_channel_display()).lower() for way in failing))

    @property
    def has_working_way(self) -> bool:
        """Return whether something besides e-mail works."""
        return any(way.failing_since is None for way in self.ways)

    def unconfirmed(self, at: datetime) -> list[StaffChannel | None]:
        """Return the ways of which they have not said for a week that something came; None is e-mail."""
        since = at - CONFIRMED_FOR
        return [way for way in (None, *self.ways) if _before(self.confirmed_by(way), since)]

    def confirmed_by(self, way: StaffChannel | None) -> datetime | None:
        """Return when they last said that something by this way came."""
        return way.confirmed_at if way else self.email_confirmed_at


def reach_of(people: Iterable[User]) -> dict[UUID, Reach]:
    """Return how people can be reached, in two queries."""
    users = {user.pk: user for user in people}
    confirmed = _emails_confirmed(users)
    found = {pk: Reach(user, [], confirmed.get(pk)) for pk, user in users.items()}
    ways = StaffChannel.in_use(user__in=users, channel__in=channels_in_use()).order_by("added_at", "pk")
    for way in ways.defer("address"):
        found[way.user_id].ways.append(way)
    return found


def reach_at(site: Site, at: datetime) -> list[tuple[Reach, list[tuple[str, str]]]]:
    """Return how each member of a site's staff can be reached, and how each kind of way stands in words."""
    found = reach_of(staff_of(site))
    tests = latest_tests(found)
    return [(reach, _each_way(reach, tests, at)) for reach in found.values()]


def doubts_about(shifts: Iterable[Shift], at: datetime) -> dict[UUID, str]:
    """Return in words what is wrong, by shift, with reaching those who are on call: now or within a day.

    Times in them are those of the current time zone.
    """
    soon = [each for each in shifts if each.on_call and each.ends_at > at]
    soon = [each for each in soon if each.starts_at <= at + timedelta(days=1)]
    found = reach_of(each.user for each in soon)
    tests = latest_tests(found)
    words = {each.pk: _doubt(found[each.user_id], each, tests, at) for each in soon}
    return {shift: said for shift, said in words.items() if said}


def _doubt(reach: Reach, shift: Shift, tests: Tests, at: datetime) -> str:
    """Return what is wrong with how somebody can be reached on a shift; nothing if all is well."""
    if others_are_set_up() and not reach.ways:
        return "no way besides e-mail"
    if reach.ways and not reach.has_working_way:
        return "nothing but e-mail gets through"
    since, kinds = shift.starts_at - CONFIRMED_FOR, defaultdict[str, list[str]](list)
    for way in reach.unconfirmed(shift.starts_at):
        kinds[_standing(reach, way, tests, since, at)].append(_kind(way))
    return "; ".join(f"{words}: {', '.join(dict.fromkeys(of))}" for words, of in kinds.items())


def _each_way(reach: Reach, tests: Tests, at: datetime) -> list[tuple[str, str]]:
    since = at - CONFIRMED_FOR
    said = ((_kind(way), _standing(reach, way, tests, since, at)) for way in (None, *reach.ways))
    return list(dict.fromkeys(said))


def _standing(reach: Reach, way: StaffChannel | None, tests: Tests, since: datetime, at: datetime) -> str:
    latest = tests.get((reach.user.pk, way.pk if way else None))
    return in_words(confirmed_at=reach.confirmed_by(way), latest=latest, since=since, at=at)


def others_are_set_up() -> bool:
    """Return whether anything besides e-mail is set up at all."""
    return set(channels_in_use()) != {ChannelName.EMAIL}


def _kind(way: StaffChannel | None) -> str:
    return str(way.get_channel_display()).lower() if way else "e-mail"


def _before(moment: datetime | None, since: datetime) -> bool:
    return moment is None or moment < since


def _emails_confirmed(users: Iterable[UUID]) -> dict[UUID, datetime]:
    said = WayCheck.objects.filter(user__in=users, channel=ChannelName.EMAIL, confirmed_at__isnull=False)
    rows = said.order_by("user", "-confirmed_at").distinct("user").values_list("user", "confirmed_at")
    return {user: at for user, at in rows if at}
