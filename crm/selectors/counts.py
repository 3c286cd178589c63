"""How many leads stand where, counted no further than the screen shows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeAlias
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import DateTimeField, IntegerField, Q, QuerySet, Subquery, UUIDField

from crm.clocks import warns_before
from crm.enums import Band, Level, Queue
from crm.models import User
from crm.models.lead import OPEN
from crm.ordering import furthest_shift
from crm.selectors.call_backs import due_call_backs
from crm.selectors.leads import leads_visible_to
from crm.selectors.phone import live_calls, open_calls, open_texts
from crm.selectors.policies import SHIPPED, Policy
from crm.selectors.prepared import Later, Prepared
from crm.selectors.queues import Tab, conditions, urgent_with_clock_running
from crm.targets import UNPLACED_AFTER, target_minutes
from notifications.selectors import waiting_alerts

CAP = 100
URGENT_BANDS = [Band.TOP, Band.EMERGENCY, Band.WAITING]
URGENT_LEVELS = [level for level in Level if level.queue == Queue.URGENT]
LONGEST_WARNING = timedelta(minutes=max(target_minutes(level) for level in URGENT_LEVELS))
LONGEST_PLACING = timedelta(hours=1)  # an older enquiry that is placed only now is no news
ALERT_SHOULD_BE_OUT = timedelta(seconds=45)  # an open page asks every 15: all screens say so within 60

Warnings: TypeAlias = tuple[tuple[UUID | None, tuple[tuple[Level, timedelta], ...]], ...]
Counted: TypeAlias = dict[str, QuerySet[Any]]


class CappedCount(Subquery):
    """count(*) that stops at CAP rows, so that it costs the same with a hundred leads and with a million."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS capped)"
    output_field = IntegerField()

    def __init__(self, queryset: QuerySet[Any], cap: int = CAP) -> None:
        super().__init__(queryset.order_by().values("pk")[:cap])


@dataclass(frozen=True, slots=True)
class DeskCounts:
    """Leads by tab, and what the banners warn of. CAP means CAP or more.

    `live_calls` ring or are talked on now, `phone_work` are missed calls and unread texts, `stuck_alerts`
    should have reached somebody by now.
    """

    tabs: dict[Tab, int]
    overdue: int
    warned: int
    unplaced: int
    arrived: int
    calls_due: int
    live_calls: int
    phone_work: int
    stuck_alerts: int

    @property
    def notices(self) -> int:
        """Return how many banners a queue's page shows of it (templates/crm/parts/banner.html)."""
        return sum(map(bool, (self.overdue, self.warned, self.unplaced, self.calls_due, self.stuck_alerts)))


def desk_counts(  # noqa: PLR0913  (whose, when, since when, by which policies, at which sites)
    *,
    user: User,
    at: datetime,
    seen: datetime | None = None,
    policies: Mapping[UUID, Policy] | None = None,
    sites: Collection[UUID] = (),
    coordinated: Collection[UUID] = (),
) -> DeskCounts:
    """Count everything in one query. `arrived` is how many leads have become urgent since `seen`.

    `overdue` and `warned` count urgent leads that wait to hear from us, the first time or since they wrote
    again. The clock of snoozed ones runs on.
    Call-backs are those at `sites`; calls and texts are of those at which the user answers to callers.
    """
    values = {"user": user.pk, "at": at, "since": seen or at, "sites": list(sites)}
    prepared = _prepared(_warnings(policies or {}), furthest_shift(Queue.URGENT), CAP)
    found = prepared.row(**values, coordinated=list(coordinated))
    return DeskCounts(
        tabs={tab: found[tab.value] + found.get(f"{tab.value}_late", 0) for tab in Tab},
        overdue=found["overdue"],
        warned=found["warned"],
        unplaced=found["urgent_late"],
        arrived=found["arrived_placed"] + found["arrived_late"] if seen else 0,
        calls_due=found["calls_due"],
        live_calls=found["live_calls"],
        phone_work=min(CAP, found["missed"] + found["texts"]),
        stuck_alerts=found["stuck_alerts"],
    )


def _warnings(policies: Mapping[UUID, Policy]) -> Warnings:
    """Return how long before its promise a lead of each level warns, by site; None: at every other site."""
    return tuple(
        (site, tuple((level, warns_before(level, policy.warn_at)) for level in URGENT_LEVELS))
        for site, policy in ((None, SHIPPED), *policies.items())
    )


@lru_cache(maxsize=32)
def _prepared(warnings: Warnings, shift: timedelta, cap: int) -> Prepared:
    """Return the query that counts. Nothing of a person or of a moment is in it."""
    moment = DateTimeField()
    user, at, since = Later("user", UUIDField()), Later("at", moment), Later("since", moment)
    counted = _tabs(user, at, since) | _promises(user, at, warnings, shift) | _besides(at)
    counts = {name: CappedCount(found, cap) for name, found in counted.items()}
    return Prepared(User.objects.filter(pk=user).values(**counts))


def _tabs(user: Later, at: Later, since: Later) -> Counted:
    """Return the leads of each tab, of which some may stand there only because they are late."""
    leads = leads_visible_to(user).filter(OPEN)
    parts = {tab: [leads.filter(each) for each in wanted] for tab, wanted in conditions(user, at).items()}
    counted: Counted = {tab.value: placed for tab, (placed, *_) in parts.items()}
    counted |= {f"{tab.value}_late": late for tab, (_, *rest) in parts.items() for late in rest}
    counted["arrived_placed"] = counted["urgent"].filter(
        placed_at__gt=since, received_at__gt=since - LONGEST_PLACING
    )
    counted["arrived_late"] = counted["urgent_late"].filter(received_at__gte=since - UNPLACED_AFTER)
    return counted


def _promises(user: Later, at: Later, warnings: Warnings, shift: timedelta) -> Counted:
    """Return the urgent leads that nobody called in time, and those of which the warning has begun.

    Naming the bands lets PostgreSQL use the index's third column, priority_at.
    """
    running = leads_visible_to(user).filter(OPEN, urgent_with_clock_running(at))
    running = running.filter(band__in=URGENT_BANDS)
    near = Q(priority_at__range=(at - shift, at + (LONGEST_WARNING + shift)), due_at__gte=at)
    return {
        "overdue": running.filter(priority_at__lt=at + shift, due_at__lt=at),
        "warned": running.filter(near, _warned(at, warnings)),
    }


def _warned(at: Later, warnings: Warnings) -> Q:
    """Return the condition that the warning of a lead's promise has begun."""
    own, soon = [site for site, _ in warnings if site], Q()
    for site, levels in warnings:
        here = Q(site=site) if site else ~Q(site__in=own)
        begun = [Q(level=level, due_at__lte=at + before) for level, before in levels]
        soon |= here & Q(*begun, _connector=Q.OR)
    return soon


def _besides(at: Later) -> Counted:
    """Return what is counted besides leads."""
    uuids = ArrayField(UUIDField())
    sites, coordinated = Later("sites", uuids), Later("coordinated", uuids)
    return {
        "calls_due": due_call_backs(sites, at),
        "live_calls": live_calls(coordinated, at),
        "missed": open_calls(coordinated, at),
        "texts": open_texts(coordinated),
        "stuck_alerts": waiting_alerts().filter(created_at__lt=at - ALERT_SHOULD_BE_OUT),
    }
