"""Who is there to be alerted, and who of them a step names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from crm.alert_steps import EVERY_WAY, Line, Plan
from crm.canary import CANARY_PERSON, CANARY_SITE
from crm.enums import Level, Role, Who
from crm.leases import is_held
from crm.models import Absence, Lead, Membership, Shift, User
from notifications.channels.sink import SINK
from notifications.enums import ChannelName

AT_THE_DESK = 0  # of `place`: on shift, not on call


@dataclass(frozen=True, slots=True)
class Colleague:
    """One active member of a site's staff. `place` is 0 at the desk, 1 to 3 on call, None off shift."""

    user: User
    role: Role
    gets_alerts: bool
    is_away: bool
    place: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """Whom to tell, by which channels. `instead` is the number of the step that stands in for an empty one.

    `only_away`: everybody who is there was told, although marked as away, because there was nobody else.
    """

    told: Mapping[User, tuple[ChannelName, ...]]
    instead: int | None = None
    only_away: bool = False


def colleagues(site: UUID, at: datetime) -> list[Colleague]:
    """Return everybody who works at a site, in one query."""
    return [_colleague(member) for member in _members(Q(site=site), at)]


def everybody(at: datetime) -> dict[UUID, list[Colleague]]:
    """Return the same of every site, in one query."""
    found: dict[UUID, list[Colleague]] = {}
    for member in _members(Q(), at):
        found.setdefault(member.site_id, []).append(_colleague(member))
    return found


def find_people(
    plan: Plan, numbers: Sequence[int], staff: Sequence[Colleague], lead: Lead, at: datetime
) -> Found:
    """Return whom some steps of a plan tell of a lead.

    If they name nobody who is there, the next step does that finds somebody, then an earlier one; if all of
    them are empty, everybody who gets alerts or manages, away or not, by every way. Nobody is named twice.
    The canary's alerts go to the sink.
    """
    if lead.site_id == CANARY_SITE:
        return Found({User(pk=CANARY_PERSON, email=SINK): (ChannelName.EMAIL,)})
    owner = lead.owner_id if is_held(lead, at) else None
    present = [each for each in staff if not each.is_away]
    if told := _told([plan.steps[number].lines for number in numbers], present, owner):
        return Found(told)
    for other in _by_turns(plan, numbers):
        if told := _told([plan.steps[other].lines], present, owner):
            return Found(told, instead=other)
    last = _whoever_is_left(plan, numbers, staff, lead)
    return Found(last, only_away=bool(last))


def find_again(  # noqa: PLR0913  (the steps, how many, who is there, which lead, when, besides whom)
    plan: Plan, steps: int, staff: Sequence[Colleague], lead: Lead, at: datetime, *, besides: UUID | None
) -> tuple[int, Found]:
    """Return whom the first steps tell when an alert begins again, and how many steps that takes.

    As many more than `steps` as it takes to find somebody besides whoever let it lapse; if there is nobody
    else, everybody who gets alerts or manages, away or not.
    """
    for count in range(steps, len(plan.steps) + 1):
        found = find_people(plan, range(count), staff, lead, at)
        if any(user.pk != besides for user in found.told):
            return count, found
    everybody = range(len(plan.steps))
    others = _whoever_is_left(plan, everybody, staff, lead)
    return len(everybody), replace(found, told={**others, **found.told})


def on_shift(staff: Iterable[Colleague]) -> frozenset[User]:
    """Return who of them is at the desk now and gets alerts there."""
    return frozenset(each.user for each in staff if _is_at_desk(each))


def named_by(line: Line, staff: Iterable[Colleague], owner: UUID | None) -> list[Colleague]:
    """Return whom a line names."""
    if line.who == Who.OWNER:
        holder = [each for each in staff if each.user.pk == owner]
        return holder or [each for each in staff if _is_at_desk(each)]
    if line.who == Who.ON_SHIFT:
        return [each for each in staff if _is_at_desk(each)]
    if line.who == Who.GETS_ALERTS:
        return [each for each in staff if each.gets_alerts]
    if line.who == Who.ROLE:
        return [each for each in staff if each.role == line.role]
    return [each for each in staff if each.place == line.who.place_on_call]


def _whoever_is_left(
    plan: Plan, numbers: Sequence[int], staff: Sequence[Colleague], lead: Lead
) -> dict[User, tuple[ChannelName, ...]]:
    ways = _last_ways(plan, numbers, lead)
    return {each.user: ways for each in staff if each.gets_alerts or _manages(each)}


def _told(
    steps: Iterable[Iterable[Line]], staff: Sequence[Colleague], owner: UUID | None
) -> dict[User, tuple[ChannelName, ...]]:
    """Return each person once, with every channel that a line names for them once."""
    told: dict[User, dict[ChannelName, None]] = {}
    for line in (line for lines in steps for line in lines):
        for each in named_by(line, staff, owner):
            told.setdefault(each.user, {}).update(dict.fromkeys(line.channels))
    return {user: tuple(channels) for user, channels in told.items()}


def _last_ways(plan: Plan, numbers: Sequence[int], lead: Lead) -> tuple[ChannelName, ...]:
    """Return by what people are told who are away: every way, unless the lead can wait four hours."""
    if lead.level != Level.U3:
        return EVERY_WAY
    named = {channel for number in numbers for line in plan.steps[number].lines for channel in line.channels}
    return tuple(channel for channel in EVERY_WAY if channel in named)


def _by_turns(plan: Plan, numbers: Sequence[int]) -> list[int]:
    """Return the other steps: those that follow first."""
    latest = max(numbers, default=-1)
    others = [number for number in range(len(plan.steps)) if number not in numbers]
    return sorted(others, key=lambda number: (number < latest, number))


def _is_at_desk(colleague: Colleague) -> bool:
    return colleague.place == AT_THE_DESK and colleague.gets_alerts


def _manages(colleague: Colleague) -> bool:
    return colleague.role == Role.MANAGER


def _colleague(member: Membership) -> Colleague:
    return Colleague(
        user=member.user,
        role=Role(member.role),
        gets_alerts=member.gets_alerts,
        is_away=getattr(member, "is_away", False),
        place=getattr(member, "place", None),
    )


def _members(where: Q, at: datetime) -> QuerySet[Membership]:
    here = Shift.objects.filter(user=OuterRef("user"), site=OuterRef("site"))
    going = here.filter(starts_at__lte=at, ends_at__gt=at)
    place = going.annotate(place=Coalesce("on_call", Value(AT_THE_DESK))).values("place")
    members = Membership.objects.filter(where, user__is_active=True).select_related("user")
    away = Exists(Absence.objects.filter(user=OuterRef("user"), back_at=None))
    return members.annotate(is_away=away, place=Subquery(place[:1])).order_by("user__email")
