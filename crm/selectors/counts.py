"""How many leads stand where, counted no further than the screen shows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.db.models import IntegerField, Q, QuerySet, Subquery

from crm.enums import Band
from crm.models import Lead, User
from crm.selectors.queues import Tab, parts_of
from crm.targets import UNPLACED_AFTER

CAP = 100
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
    unplaced: int
    arrived: int


def desk_counts(*, user: User, at: datetime, seen: datetime | None = None) -> DeskCounts:
    """Count everything in one query. `arrived` is how many leads have become urgent since `seen`."""
    parts = {tab: parts_of(tab, user, at) for tab in Tab}
    placed, late = parts[Tab.URGENT]
    counted = {f"{tab.value}_{n}": part for tab, each in parts.items() for n, part in enumerate(each)}
    counted["overdue"] = placed.filter(_uncalled_by(at))
    since = seen or at
    counted["arrived_placed"] = placed.filter(placed_at__gt=since, received_at__gt=since - LONGEST_PLACING)
    counted["arrived_late"] = late.filter(received_at__gte=since - UNPLACED_AFTER)
    found = _count_all(user, counted)
    return DeskCounts(
        tabs={tab: sum(found[f"{tab.value}_{n}"] for n, _ in enumerate(each)) for tab, each in parts.items()},
        overdue=found["overdue"],
        unplaced=found["urgent_1"],
        arrived=found["arrived_placed"] + found["arrived_late"] if seen else 0,
    )


def _uncalled_by(at: datetime) -> Q:
    """Naming the bands lets PostgreSQL use the index's third column, due_at."""
    return Q(band__in=[Band.TOP, Band.WAITING], due_at__lt=at, first_contact_at=None)


def _count_all(user: User, counted: dict[str, QuerySet[Lead]]) -> dict[str, int]:
    counts = {name: CappedCount(leads) for name, leads in counted.items()}
    return cast("dict[str, int]", User.objects.filter(pk=user.pk).values(**counts).get())
