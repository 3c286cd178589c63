"""How leads would have been ordered by other weights: the present queues, and the enquiries of a month."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce

from crm.enums import AWAITING, EventKind, Level, Queue
from crm.models import Lead, LeadEvent, Site
from crm.models.lead import OPEN, PLACED
from crm.ordering import Standing, Weights, factors, percent_of, shift_of
from crm.selectors.levels_then import placements_by_lead, stood_at
from crm.selectors.opening import opening_hours
from crm.selectors.queues import ORDER
from crm.selectors.standing import ASKED

MOST_LEADS = 2000  # of each list: what stands further down is for nobody to see
MOST_SHOWN = 20
MONTH = timedelta(days=30)
COUNTED = {
    EventKind.REPEAT_ENQUIRY: "enquiries",
    EventKind.CONTACT_ATTEMPTED: "tries",
    EventKind.ASKED_SOONER: "wants_sooner",
    EventKind.GOT_WORSE: "is_worse",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A lead as it stood while somebody waited to hear from us."""

    reference: str
    level: Level
    due_at: datetime
    standing: Standing
    lead: UUID


@dataclass(frozen=True, slots=True)
class Move:
    """A lead that would stand elsewhere; places count from 1, in its own list."""

    reference: str
    level: Level
    before: int
    after: int
    why: str

    @property
    def by(self) -> int:
        """Return by how many places it moves up; less than none is down."""
        return self.before - self.after

    @property
    def down(self) -> int:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Comparison:
    """One list, before and after. `moves` are the furthest, `moved` counts all of them."""

    title: str
    leads: int
    moved: int
    moves: list[Move]


def compare(title: str, leads: Sequence[Waiting], before: Weights, after: Weights) -> Comparison:
    """Return who would stand elsewhere in a list, whoever moves furthest first."""
    old, new = _places(leads, before), _places(leads, after)
    moves = [
        Move(
            each.reference,
            each.level,
            old[each.lead],
            new[each.lead],
            _why(each, before, after, goes_up=new[each.lead] < old[each.lead]),
        )
        for each in leads
        if old[each.lead] != new[each.lead]
    ]
    moves.sort(key=lambda move: (-abs(move.by), move.after))
    return Comparison(title, len(leads), len(moves), moves[:MOST_SHOWN])


def waiting_now(site: Site, queue: Queue) -> list[Waiting]:
    """Return the first 2,000 leads of a queue that nobody has reached, in one query."""
    leads = Lead.objects.filter(OPEN, site=site, queue=queue, band__in=AWAITING).annotate(**ASKED)
    return [
        Waiting(lead.reference, Level(lead.level or Level.U1), lead.due_at, _now(lead), lead.pk)
        for lead in leads.order_by(*ORDER)[:MOST_LEADS]
    ]


def waiting_last_month(site: Site, at: datetime) -> list[Waiting]:
    """Return the latest 2,000 enquiries of 30 days, each as it stood just before somebody was reached.

    By the level that it had then, in three queries and those for the site's hours.
    """
    leads = Lead.objects.filter(site=site, received_at__gt=at - MONTH, queue__in=PLACED)
    latest = list(leads.order_by("-received_at")[:MOST_LEADS])
    happened, hours = _happened_before_contact(leads, at), opening_hours(site)
    placed = placements_by_lead(lead.pk for lead in latest)
    found = []
    for lead in latest:
        until = lead.first_contact_at or lead.closed_at or at
        level, due_at = stood_at(lead, placed[lead.pk], until, hours)
        found.append(Waiting(lead.reference, level, due_at, _standing(lead, happened[lead.pk]), lead.pk))
    return found


def _happened_before_contact(leads: QuerySet[Lead], at: datetime) -> defaultdict[UUID, Counter[str]]:
    until = Coalesce("lead__first_contact_at", "lead__closed_at", at)
    events = LeadEvent.objects.filter(Q(kind__in=COUNTED) & Q(occurred_at__lt=until), lead__in=leads)
    found: defaultdict[UUID, Counter[str]] = defaultdict(Counter)
    for lead, kind, number in events.values_list("lead", "kind").annotate(number=Count("pk")):
        found[lead][COUNTED[EventKind(kind)]] += number
    return found


def _now(lead: Lead) -> Standing:
    asked = {name: bool(getattr(lead, name)) for name in ASKED}
    return Standing(lead.enquiry_count, lead.attempt_count, timing=lead.timing, **asked)


def _standing(lead: Lead, happened: Counter[str]) -> Standing:
    return Standing(
        enquiries=1 + happened["enquiries"],
        tries=happened["tries"],
        wants_sooner=bool(happened["wants_sooner"]),
        is_worse=bool(happened["is_worse"]),
        timing=lead.timing,
    )


def _places(leads: Iterable[Waiting], weights: Weights) -> dict[UUID, int]:
    """Return each lead's place. Ties stand by id, as in the queue."""

    def key(each: Waiting) -> tuple[int, datetime, UUID]:
        moved = timedelta(seconds=shift_of(each.level, each.standing, weights))
        return each.level.band.value, each.due_at + moved, each.lead

    return {each.lead: place for place, each in enumerate(sorted(leads, key=key), 1)}


def _why(each: Waiting, before: Weights, after: Weights, *, goes_up: bool) -> str:
    """Return what of its own moves a lead, if that is what does; else it moves because others do."""
    by = percent_of(each.standing, after) - percent_of(each.standing, before)
    if by == 0 or (by < 0) != goes_up:
        return "others fall behind it" if goes_up else "others move past it"
    old, new = (
        {factor.words: abs(factor.percent) for factor in factors(each.standing, weights)}
        for weights in (before, after)
    )
    changed = [words for words in new | old if new.get(words, 0) != old.get(words, 0)]
    more = {words: new.get(words, 0) > old.get(words, 0) for words in changed}
    return ", ".join(f"{words} (counts {'more' if more[words] else 'less'})" for words in changed)
