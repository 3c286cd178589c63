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
class Colleague:
    """Somebody who watches, or should. `doing` says in words what keeps them from it."""

    user: User
    is_watching: bool
    is_away: bool
    doing: str
    shift: Shift | None


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
    """Return who watches each site of the reader's, in three queries."""
    return _watches(Site.objects.filter(memberships__user=reader).order_by("name"), at)


def watch_of(site: Site, at: datetime) -> Watch:
    """Return who watches one site."""
    return _watches(Site.objects.filter(pk=site.pk), at)[0]


def _watches(sites: QuerySet[Site], at: datetime) -> list[Watch]:
    going = Shift.objects.filter(starts_at__lte=at, ends_at__gt=at)
    shifts = {(shift.site_id, shift.user_id): shift for shift in going.filter(site__in=sites)}
    of_site: dict[UUID, list[Colleague]] = {site.pk: [] for site in sites}
    for member in _members(sites, going, at):
        shift = shifts.get((member.site_id, member.user_id))
        of_site[member.site_id].append(_colleague(member, shift, at))
    return [Watch(site, _in_order(of_site[site.pk])) for site in sites]


def _members(sites: QuerySet[Site], going: QuerySet[Shift], at: datetime) -> QuerySet[Membership]:
    """Return who answers to callers and has a screen open or is on shift, with why they are away."""
    on_shift = Exists(going.filter(user=OuterRef("user"), site=OuterRef("site")))
    seen = Q(user__presence__seen_at__gt=at - SCREEN_OPEN_FOR)
    away = Absence.objects.filter(user=OuterRef("user"), back_at=None).values("reason")
    members = Membership.objects.filter(on_shift | seen, site__in=sites, user__is_active=True)
    members = members.filter(Q(role__in=ANSWERS_TO_CALLERS) | on_shift)
    return members.select_related("user__presence").annotate(away_for=Subquery(away[:1]))


def _colleague(member: Membership, shift: Shift | None, at: datetime) -> Colleague:
    doing = _doing(member, shift, at)
    is_away = bool(getattr(member, "away_for", None))
    return Colleague(member.user, is_watching=not doing, is_away=is_away, doing=doing, shift=shift)


def _doing(member: Membership, shift: Shift | None, at: datetime) -> str:
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


def _in_order(colleagues: list[Colleague]) -> list[Colleague]:
    return sorted(colleagues, key=lambda each: (not each.is_watching, str(each.user)))
