"""The desk's queues, most pressing first, in pages of one fixed price however many leads there are."""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Q, QuerySet

from crm.enums import Band, PauseKind, Queue
from crm.models import Lead, User
from crm.models.lead import OPEN
from crm.selectors.leads import leads_visible_to
from crm.selectors.prepared import Moment, Who
from crm.targets import UNPLACED_AFTER

EVERY = Q()
ORDER = ("band", "priority_at", "id")  # the index lead_queue_order


class Tab(StrEnum):
    """The lists that the dashboard shows; the first four are queues. Aside: snoozed, or the clock stopped."""

    URGENT = "urgent"
    PREBOOKED = "prebooked"
    UNROUTED = "unrouted"
    REVIEW = "review"
    MINE = "mine"
    ASIDE = "aside"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place in the order after which the next page begins."""

    band: Band
    priority_at: datetime
    lead: UUID

    @classmethod
    def of(cls, lead: Lead) -> "Cursor":
        return cls(Band(lead.band), lead.priority_at, lead.pk)

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """Return the cursor of a link; None for the first page, or when the link is broken."""
        try:
            band, moment, lead = base64.urlsafe_b64decode(text).decode("ascii").split("|")
            cursor = cls(Band(int(band)), datetime.fromisoformat(moment), UUID(lead))
        except (ValueError, binascii.Error):
            return None
        return cursor if moment.startswith("20") and moment.endswith("+00:00") else None

    def __str__(self) -> str:
        text = f"{self.band.value}|{self.priority_at.isoformat()}|{self.lead}"
        return base64.urlsafe_b64encode(text.encode("ascii")).decode("ascii")

    @property
    def rest(self) -> Q:
        """Return the condition that a lead stands after this place."""
        later = Q(priority_at__gt=self.priority_at) | Q(pk__gt=self.lead)
        later &= Q(priority_at__gte=self.priority_at)
        below = [band for band in Band if band > self.band]
        return Q(band__in=below) | Q(band=self.band) & later


def conditions(user: Who, at: Moment) -> dict[Tab, list[Q]]:
    """Return what a lead of each tab must be: one of its conditions, each of which follows an index.

    The urgent tab has two: a lead that nobody has placed after a minute stands there as U1, whether or not
    any job is running to say so.
    """
    late = Q(queue=Queue.UNROUTED, received_at__lt=at - UNPLACED_AFTER)
    return {
        Tab.URGENT: [Q(queue=Queue.URGENT) & at_hand(at), late],
        Tab.PREBOOKED: [Q(queue=Queue.PREBOOKED) & at_hand(at)],
        Tab.UNROUTED: [Q(queue=Queue.UNROUTED)],
        Tab.REVIEW: [Q(queue=Queue.REVIEW)],
        Tab.MINE: [Q(owner=user, lease_until__gt=at)],
        Tab.ASIDE: [Q(paused_until__gt=at) & ~Q(pause="")],
    }


def at_hand(at: Moment) -> Q:
    """Return the condition that a lead is not set aside; at the end of that it is back by itself."""
    return Q(paused_until=None) | Q(paused_until__lte=at)


def urgent_with_clock_running(at: Moment) -> Q:
    """Return the condition that an open lead is urgent, and that its clock is not stopped."""
    return Q(queue=Queue.URGENT) & (at_hand(at) | ~Q(pause=PauseKind.CLOCK))


def parts_of(tab: Tab, user: User, at: datetime) -> list[QuerySet[Lead]]:
    """Return the open leads of a tab that the user may see, one queryset for each condition."""
    leads = leads_visible_to(user).filter(OPEN)
    return [leads.filter(condition) for condition in conditions(user, at)[tab]]


def most_pressing_first(parts: list[QuerySet[Lead]]) -> list[QuerySet[Lead]]:
    """Return the parts that may have a lead, the one with the most pressing lead first.

    The first part is the long one. As long as the others are empty nothing stands before its leads.
    """
    first, *others = parts
    heads = [(head, part) for part in others if (head := _head(part))]
    if not heads:
        return [first]
    if head := _head(first):
        heads.append((head, first))
    return [part for _, part in sorted(heads, key=lambda pair: pair[0])]


def _head(part: QuerySet[Lead]) -> tuple[int, datetime, UUID] | None:
    """Return where the most pressing lead of a part stands in the order."""
    return part.order_by(*ORDER).values_list(*ORDER).first()


def page_ids(  # noqa: PLR0913  (a tab, whose, when, where on, how many, narrowed to what)
    tab: Tab, user: User, at: datetime, *, after: Cursor | None, size: int, only: Q = EVERY
) -> list[UUID]:
    """Return the ids of one page, most pressing first: the first rows of each part that are so, merged."""
    wanted = only & after.rest if after else only
    parts = [part.filter(wanted) for part in parts_of(tab, user, at)]
    first, *others = [part.order_by(*ORDER).values_list("pk", "band", "priority_at")[:size] for part in parts]
    merged = first.union(*others, all=True).order_by(*ORDER)[:size] if others else first
    return [row[0] for row in merged]


def is_unplaced_too_long(lead: Lead, at: datetime) -> bool:
    """Return whether the lead counts as U1 because nothing has placed it within a minute."""
    return lead.queue == Queue.UNROUTED and lead.received_at < at - UNPLACED_AFTER
