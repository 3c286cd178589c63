"""The level that a lead had while somebody waited to hear from us, and when it was due by that."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from crm.calling import call_by
from crm.enums import Level
from crm.models import Lead, Placement
from crm.opening import OpeningHours
from crm.targets import respond_by


@dataclass(frozen=True, slots=True)
class Placed:
    """One placement, as far as it says what was due."""

    level: Level
    decided_at: datetime
    by_person: bool


def placements_by_lead(leads: Iterable[UUID]) -> defaultdict[UUID, list[Placed]]:
    """Return what was decided of each lead, oldest first, in one query."""
    found: defaultdict[UUID, list[Placed]] = defaultdict(list)
    rows = Placement.objects.filter(lead__in=list(leads)).order_by("decided_at", "pk")
    for lead, level, decided_at, by in rows.values_list("lead", "level", "decided_at", "decided_by"):
        found[lead].append(Placed(Level(level), decided_at, by is not None))
    return found


def stood_at(
    lead: Lead, placed: Sequence[Placed], until: datetime, hours: OpeningHours
) -> tuple[Level, datetime]:
    """Return a lead's level just before a moment, and when it was due.

    Where no placement is older, what is known today counts: it is all that there is.
    """
    before = [each for each in placed if each.decided_at < until]
    if not before or len(before) == len(placed):
        known = before[-1].level if before else Level(lead.level or Level.U1)
        return known, lead.respond_by
    return before[-1].level, min(_promised(each, before[0], lead, hours) for each in before)


def _promised(each: Placed, first: Placed, lead: Lead, hours: OpeningHours) -> datetime:
    """Return what a placement promised; the first one counts from the enquiry, a person's from their word."""
    if each.by_person:
        return respond_by(each.level, each.decided_at)
    return call_by(each.level, lead.received_at if each is first else each.decided_at, hours)
