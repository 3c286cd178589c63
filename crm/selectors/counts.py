"""How many leads stand where, counted no further than the screen shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from django.db.models import IntegerField, Q, QuerySet, Subquery

from crm.clocks import warns_before
from crm.enums import Band, Level, Queue
from crm.models import Lead, User
from crm.ordering import furthest_shift
from crm.selectors.policies import SHIPPED, Policy
from crm.selectors.queues import Tab, parts_of, urgent_with_clock_running
from crm.targets import UNPLACED_AFTER, target_minutes

CAP = 100
URGENT_BANDS = [Band.TOP, Band.EMERGENCY, Band.WAITING]
URGENT_LEVELS = [level for level in Level if level.queue == Queue.URGENT]
LONGEST_WARNING = timedelta(minutes=max(target_minutes(level) for level in URGENT_LEVELS))
LONGEST_PLACING = timedelta(hours=1)  # an older enquiry that is placed only now is no news


class CappedCount(Subquery):
    """count(*) that stops at CAP rows, so that it costs the same with a hundred leads and with a million."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS capped)"
    output_field = IntegerField()

    def __init__(self, queryset: QuerySet[Lead]) -> None:
        super().__init__(queryset.order_by().values("pk")[:CAP])


@dataclass(frozen=True, slots=True)
class DeskCounts:
    """Leads by tab, and what the banner warns of. CAP means CAP or more."""

    tabs: dict[Tab, int]
    overdue: int
    warned: int
    unplaced: int
    arrived: int


def desk_counts(
    *,
    user: User,
    at: datetime,
    seen: datetime | None = None,
    policies: Mapping[UUID, Policy] | None = None,
) -> DeskCounts:
    """Count everything in one query. `arrived` is how many leads have become urgent since `seen`.

    `overdue` and `warned` count urgent leads that wait to hear from us, the first time or since they wrote
    again. The clock of snoozed ones runs on.
    """
    parts = {tab: parts_of(tab, user, at) for tab in Tab}
    placed, late = parts[Tab.URGENT]
    counted = {f"{tab.value}_{n}": part for tab, each in parts.items() for n, part in enumerate(each)}
    running = urgent_with_clock_running(user, at)
    counted["overdue"] = running.filter(_uncalled_by(at))
    counted["warned"] = running.filter(_warned_by(at, policies or {}))
    since = seen or at
    counted["arrived_placed"] = placed.filter(placed_at__gt=since, received_at__gt=since - LONGEST_PLACING)
    counted["arrived_late"] = late.filter(received_at__gte=since - UNPLACED_AFTER)
    found = _count_all(user, counted)
    return DeskCounts(
        tabs={tab: sum(found[f"{tab.value}_{n}"] for n, _ in enumerate(each)) for tab, each in parts.items()},
        overdue=found["overdue"],
        warned=found["warned"],
        unplaced=found["urgent_1"],
        arrived=found["arrived_placed"] + found["arrived_late"] if seen else 0,
    )


def _uncalled_by(at: datetime) -> Q:
    """Naming the bands lets PostgreSQL use the index's third column, priority_at."""
    late = {"priority_at__lt": at + furthest_shift(Queue.URGENT), "due_at__lt": at}
    return Q(band__in=URGENT_BANDS, **late)


def _warned_by(at: datetime, policies: Mapping[UUID, Policy]) -> Q:
    """Return the condition that the promise is to come, but its warning has begun."""
    soon = ~Q(site__in=list(policies)) & _soon(at, SHIPPED)
    for site, policy in policies.items():
        soon |= Q(site=site) & _soon(at, policy)
    shift = furthest_shift(Queue.URGENT)
    near = Q(priority_at__range=(at - shift, at + LONGEST_WARNING + shift), due_at__gte=at)
    return Q(band__in=URGENT_BANDS) & near & soon


def _soon(at: datetime, policy: Policy) -> Q:
    soon = Q()
    for level in URGENT_LEVELS:
        soon |= Q(level=level, due_at__lte=at + warns_before(level, policy.warn_at))
    return soon


def _count_all(user: User, counted: dict[str, QuerySet[Lead]]) -> dict[str, int]:
    counts = {name: CappedCount(leads) for name, leads in counted.items()}
    return cast("dict[str, int]", User.objects.filter(pk=user.pk).values(**counts).get())
