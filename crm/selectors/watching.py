"""Who is watching the queues of a site now. A screen that nobody touches watches nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from crm.enums import AwayReason, Role
from crm.models import Absence, Membership, Presence, Shift, Site, User
from crm.promises import in_words
from crm.selectors.on_lead import SCREEN_OPEN_FOR

STILL_THERE_FOR = timedelta(minutes=30)  # since somebody last did something at the desk
ANSWERS_TO_CALLERS = (Role.COORDINATOR, Role.MANAGER)


@dataclass(frozen=True, slots=True)
class OnShift:
    """The shift that somebody is on; `on_call` is their number in the order of calls, None at the desk."""

    ends_at: datetime
    on_call: int | None


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who watches, or should. `doing` says in words what keeps them from it."""

    user: User
    is_watching: bool
    is_away: bool
    doing: str
    shift: OnShift | None


@dataclass(frozen=True, slots=True)
class Watch:
    """One site: whoever is on shift or has a screen open, those who watch first."""

    site: Site
    colleagues: list[Colleague]

    @property
    def watching(self) -> list[Colleague]:
        return [each for each in self.colleagues if each.is_watching]

    @property
    def others(self) -> list[Colleague]:
        return [each for each in self.colleagues if not each.is_watching]


def watches(reader: User, at: datetime) -> list[Watch]:
    """Return who watches each site of the reader's, in one query: the reader's own rows name the sites."""
    members = list(_members(Q(site__memberships__user=reader), Q(user=reader), at))
    sites = sorted((each.site for each in members if each.user_id == reader.pk), key=lambda site: site.name)
    return [_watch(site, members, at) for site in sites]


def watch_of(site: Site, at: datetime) -> Watch:
    """Return who watches one site."""
    return _watch(site, list(_members(Q(site=site), Q(), at)), at)


def watchers_by_site(at: datetime) -> dict[UUID, list[Colleague]]:
    """Return who watches, or should, at every site that has somebody, in one query."""
    found: dict[UUID, list[Colleague]] = {}
    for member in _members(Q(), Q(), at):
        shift = _shift(member)
        if _belongs(member, shift, at):
            found.setdefault(member.site_id, []).append(_colleague(member, shift, at))
    return found


def _watch(site: Site, members: list[Membership], at: datetime) -> Watch:
    here = [(each, _shift(each)) for each in members if each.site_id == site.pk]
    there = [_colleague(each, shift, at) for each, shift in here if _belongs(each, shift, at)]
    return Watch(site, sorted(there, key=lambda each: (not each.is_watching, str(each.user))))


def _members(at_sites: Q, besides: Q, at: datetime) -> QuerySet[Membership]:
    """Return who has a screen open or is on shift, with their shift and why they are away."""
    going = Shift.objects.filter(starts_at__lte=at, ends_at__gt=at)
    shift = going.filter(user=OuterRef("user"), site=OuterRef("site"))
    seen = Q(user__presence__seen_at__gt=at - SCREEN_OPEN_FOR)
    away = Absence.objects.filter(user=OuterRef("user"), back_at=None).values("reason")
    members = Membership.objects.filter(at_sites, Exists(shift) | seen | besides, user__is_active=True)
    return members.select_related("user__presence", "site").annotate(
        away_for=Subquery(away[:1]),
        shift_ends=Subquery(shift.values("ends_at")[:1]),
        on_call=Subquery(shift.values("on_call")[:1]),
    )


def _shift(member: Membership) -> OnShift | None:
    ends_at = getattr(member, "shift_ends", None)
    return OnShift(ends_at, getattr(member, "on_call", None)) if ends_at else None


def _belongs(member: Membership, shift: OnShift | None, at: datetime) -> bool:
    """Return whether a member is on shift, or answers to callers and has a screen open."""
    seen: Presence | None = getattr(member.user, "presence", None)
    has_screen = seen is not None and seen.seen_at > at - SCREEN_OPEN_FOR
    return shift is not None or (has_screen and member.role in ANSWERS_TO_CALLERS)


def _colleague(member: Membership, shift: OnShift | None, at: datetime) -> Colleague:
    doing = _doing(member, shift, at)
    is_away = bool(getattr(member, "away_for", None))
    return Colleague(member.user, is_watching=not doing, is_away=is_away, doing=doing, shift=shift)


def _doing(member: Membership, shift: OnShift | None, at: datetime) -> str:
    """Return what keeps somebody from watching; nothing if they are there."""
    seen: Presence | None = getattr(member.user, "presence", None)
    if reason := getattr(member, "away_for", None):
        return f"away: {AwayReason(reason).label.lower()}"
    if seen is None or seen.seen_at <= at - SCREEN_OPEN_FOR:
        on_call = shift is not None and shift.on_call is not None
        return "on call, no screen open" if on_call else "on shift, no screen open"
    if seen.acted_at <= at - STILL_THERE_FOR:
        return f"screen open, untouched for {in_words(at - seen.acted_at)}"
    return ""
