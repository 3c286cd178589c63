"""What is wrong at this moment: the conditions of alarms, asked of the tables, a few queries for all sites.

Of a site without staff nobody knows; what is wrong there is wrong everywhere.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from crm.alarm_bounds import SILENT_AFTER
from crm.canary import CANARY_SITE
from crm.enums import AlarmKind, Queue
from crm.models import Lead, Membership, Shift, Site
from crm.models.lead import OPEN
from crm.selectors.opening import opening_hours
from crm.selectors.queues import urgent_with_clock_running
from crm.selectors.unreachable import unreachable
from crm.selectors.watching import Colleague, watchers_by_site
from crm.targets import UNPLACED_AFTER
from jobs.models import Heartbeat
from jobs.selectors import latest_beat
from notifications.selectors import unanswered

Place = tuple[AlarmKind, UUID | None]  # a kind of alarm and its site; None is everywhere
Watchers = Mapping[UUID, list[Colleague]]
ROTA_IS_KEPT = timedelta(days=8)  # a site with a shift in the last week, or to come, plans its shifts


@dataclass(frozen=True, slots=True)
class Staffed:
    """The sites that have staff, and who is there or should be."""

    sites: frozenset[UUID]
    watchers: Watchers

    def is_anybody_there(self, site: UUID) -> bool:
        """Return whether somebody is on shift or on call and not away, or watches all the same."""
        return any(
            each.is_watching or (each.shift is not None and not each.is_away)
            for each in self.watchers.get(site, [])
        )

    def is_anybody_watching(self, site: UUID) -> bool:
        return any(each.is_watching for each in self.watchers.get(site, []))


def what_is_wrong(at: datetime) -> set[Place]:
    """Return every condition that holds now, with its site."""
    staffed = Staffed(_sites_with_staff(), watchers_by_site(at))
    waiting = _with_urgent_leads(at) & staffed.sites
    found: set[Place] = set(_silent(at))
    found.update((AlarmKind.NOBODY_ON_SHIFT, site) for site in _unstaffed(staffed, waiting, at))
    found.update((AlarmKind.NO_CHANNEL, site) for site in unreachable(staffed.sites, at))
    unwatched = (site for site in waiting if not staffed.is_anybody_watching(site))
    found.update((AlarmKind.NOBODY_WATCHING, site) for site in unwatched)
    for kind, sites in ((AlarmKind.UNPLACED, _unplaced(at)), (AlarmKind.UNANSWERED, _unanswered(at))):
        real = sites - {CANARY_SITE}  # the canary raises its own
        found.update((kind, site if site in staffed.sites else None) for site in real)
    return found


def silent(kind: AlarmKind, at: datetime) -> Q:
    """Return the condition of a Heartbeat that its process has been silent for too long."""
    name, bound = SILENT_AFTER[kind]
    return Q(name=name, beaten_at__lt=at - bound)


def last_sign_of_life(kind: AlarmKind) -> datetime | None:
    """Return when the process that a kind is about was seen last; None of other kinds, or if it never was."""
    return latest_beat(SILENT_AFTER[kind][0]) if kind in SILENT_AFTER else None


def _silent(at: datetime) -> Iterator[Place]:
    """Yield beat and dispatcher when they do not work, or never did."""
    seen = dict(Heartbeat.objects.values_list("name", "beaten_at"))
    for kind in (AlarmKind.BEAT_SILENT, AlarmKind.DISPATCHER_SILENT):
        name, bound = SILENT_AFTER[kind]
        if name not in seen or seen[name] < at - bound:
            yield kind, None


def _sites_with_staff() -> frozenset[UUID]:
    staff = Membership.objects.filter(user__is_active=True)
    return frozenset(staff.order_by().values_list("site", flat=True).distinct())


def _with_urgent_leads(at: datetime) -> set[UUID]:
    """Return the sites where an urgent lead waits that nobody has, or one that counts as such."""
    free = Q(owner=None) | Q(lease_until__lte=at)
    urgent = Lead.objects.filter(OPEN, urgent_with_clock_running(at), free)
    return _sites_of(urgent) | _sites_of(_late_to_be_placed(at).filter(free))


def _unplaced(at: datetime) -> set[UUID]:
    return _sites_of(_late_to_be_placed(at))


def _late_to_be_placed(at: datetime) -> QuerySet[Lead]:
    return Lead.objects.filter(OPEN, queue=Queue.UNROUTED, received_at__lt=at - UNPLACED_AFTER)


def _unanswered(at: datetime) -> set[UUID]:
    return set(unanswered(at=at).order_by().values_list("site", flat=True).distinct())


def _sites_of(leads: QuerySet[Lead]) -> set[UUID]:
    return set(leads.order_by().values_list("site", flat=True).distinct())


def _unstaffed(staffed: Staffed, waiting: Collection[UUID], at: datetime) -> Iterator[UUID]:
    """Yield the sites where nobody is though somebody should be.

    That is when the rota or the hours say so, at a site that plans its shifts; at any site while urgent leads
    wait. Who plans nothing is not told each night that nobody is on shift.
    """
    empty = {site for site in staffed.sites if not staffed.is_anybody_there(site)}
    yield from empty & set(waiting)
    planned = Shift.objects.filter(site__in=empty - set(waiting), ends_at__gt=at - ROTA_IS_KEPT)
    keep_rota = Q(pk__in=planned.order_by().values("site")) if empty else Q(pk__in=[])
    for site in Site.objects.filter(keep_rota):
        if opening_hours(site).is_staffed(at):
            yield site.pk
