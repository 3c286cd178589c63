"""How people are tried again, level by level, and which calls that makes of those who are being tried now."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max, QuerySet

from crm.cadence import EVERY_PART, IS_A_TRY, SHIPPED, Cadence, next_try, tries_from
from crm.contact_rules import next_safe_time
from crm.enums import CallBackKind, Level, PartOfDay
from crm.models import CallBack, ContactAttempt, ContactCadence, Lead, Site
from crm.opening import OpeningHours
from crm.promises import in_words
from crm.selectors.opening import opening_hours

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class InForce:
    """What holds for a level. Version 0 is what ships, until a manager makes another."""

    level: Level
    cadence: Cadence
    version: ContactCadence | None

    @property
    def number(self) -> int:
        return self.version.version if self.version else 0

    @property
    def takes(self) -> str:
        return in_words(self.cadence.takes)

    @property
    def parts(self) -> str:
        """Return at which parts of the day longer waits end, in words."""
        if self.cadence.parts == EVERY_PART:
            return "morning, afternoon and evening in turn"
        return " and ".join(part.name.lower() for part in PartOfDay if part in self.cadence.parts)


@dataclass(frozen=True, slots=True)
class Example:
    """Somebody who is tried now for the first time and is never reached: when each try comes."""

    before: list[datetime]
    after: list[datetime]

    @property
    def rows(self) -> list[tuple[int, datetime | None, datetime | None]]:
        """Return each try by its number, with when it comes before and after; None when there is none."""
        most = max(len(self.before), len(self.after))
        return [(n + 1, _at(self.before, n), _at(self.after, n)) for n in range(most)]


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A lead that is being tried: when the try that is set comes, and the one after that, before and after.

    None: then somebody decides.
    """

    lead: Lead
    tries: int
    next_at: datetime
    before: datetime | None
    after: datetime | None


def cadence_at(site: UUID, level: Level) -> Cadence:
    """Return how people of a level are tried again at a site, in one query."""
    row = ContactCadence.objects.filter(site=site, level=level).order_by("-version").first()
    return _cadence(row) if row else Cadence(SHIPPED[level])


def cadences_of(site: Site) -> list[InForce]:
    """Return what holds for each level, in one query."""
    rows = ContactCadence.objects.filter(site=site).order_by("level", "-version").distinct("level")
    latest = {Level(row.level): row for row in rows.select_related("made_by")}
    return [_in_force(level, latest.get(level)) for level in Level]


def in_force(site: Site, level: Level) -> InForce:
    return _in_force(level, versions_of(site, level).first())


def version_of(site: Site, level: Level) -> int:
    """Return the number of the version in force, 0 for what ships."""
    rows = ContactCadence.objects.filter(site=site, level=level)
    return rows.aggregate(latest=Max("version"))["latest"] or 0


def versions_of(site: Site, level: Level) -> QuerySet[ContactCadence]:
    """Return every version, the latest first."""
    rows = ContactCadence.objects.filter(site=site, level=level).select_related("made_by")
    return rows.order_by("-version")


def example_of(site: Site, before: Cadence, after: Cadence, at: datetime) -> Example:
    """Return when somebody would be tried who is tried now, by either."""
    hours = opening_hours(site)
    return Example(tries_from(at, before, hours), tries_from(at, after, hours))


def under_way(site: Site, level: Level, before: Cadence, after: Cadence) -> list[UnderWay]:
    """Return the leads of a level whose next try is set, the soonest first, in a few queries."""
    calls = CallBack.objects.filter(
        settled_at=None,
        kind=CallBackKind.PLANNED,
        lead__site=site,
        lead__level=level,
        lead__closed_at=None,
        lead__contact_plan__decide_since=None,
    )
    rows = list(calls.select_related("lead__contact_plan", "person").order_by("due_at")[:MOST_SHOWN])
    tried, hours = _tried([call.lead_id for call in rows]), opening_hours(site)
    return [
        UnderWay(
            call.lead,
            call.lead.contact_plan.tries,
            call.due_at,
            _one_more(call, before, [*tried[call.lead_id], call.due_at], hours),
            _one_more(call, after, [*tried[call.lead_id], call.due_at], hours),
        )
        for call in rows
    ]


def _tried(leads: Sequence[UUID]) -> defaultdict[UUID, list[datetime]]:
    found: defaultdict[UUID, list[datetime]] = defaultdict(list)
    attempts = ContactAttempt.objects.filter(lead__in=leads, method__in=IS_A_TRY)
    for lead, attempted_at in attempts.values_list("lead", "attempted_at"):
        found[lead].append(attempted_at)
    return found


def _one_more(
    call: CallBack, cadence: Cadence, tried: Sequence[datetime], hours: OpeningHours
) -> datetime | None:
    """Return when the try after the one that is set comes, as far as can be known now; None: a decision."""
    wait = cadence.wait_after(call.lead.contact_plan.tries + 1)
    if wait is None:
        return None
    due_at = next_try(at=call.due_at, wait=wait, tried=tried, hours=hours, parts=cadence.parts)
    return next_safe_time(call.person, due_at, hours.time_zone)


def _in_force(level: Level, row: ContactCadence | None) -> InForce:
    return InForce(level, _cadence(row) if row else Cadence(SHIPPED[level]), row)


def _cadence(row: ContactCadence) -> Cadence:
    return Cadence(tuple(row.waits), frozenset(PartOfDay(part) for part in row.parts) or EVERY_PART)


def _at(moments: Sequence[datetime], place: int) -> datetime | None:
    return moments[place] if place < len(moments) else None
