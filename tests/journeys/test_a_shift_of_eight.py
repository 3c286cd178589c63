"""Eight coordinators, 500 enquiries and a day on which things break. Nothing is lost and no clock lies."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from random import Random
from uuid import UUID

import pytest
from django.test import Client

from crm.enums import Band, EventKind, Level, Queue
from crm.leases import is_held, lease_of
from crm.models import ContactAttempt, Lead, LeadEvent, Site
from crm.models.lead import OPEN as OPEN_LEAD
from crm.selectors.counts import desk_counts
from crm.selectors.queues import Tab, parts_of
from crm.targets import target_minutes
from intake.models import Enquiry
from intake.services.reconciliation import reconcile
from jobs.models import OPEN, Job
from tests.clock import DatabaseClock
from tests.factories import MembershipFactory
from tests.faults.figures import FIGURES
from tests.journeys.shift import KINDS, Coordinator, Day, Ledger, together

pytestmark = pytest.mark.django_db(transaction=True)
SEED, PEOPLE, ENQUIRIES = 4, 8, 500
STEPS, STEP = 32, timedelta(minutes=15)  # eight hours
TAKES_AWAY = {
    EventKind.RELEASED,
    EventKind.LEASE_ENDED,
    EventKind.HANDED_OVER,
    EventKind.TAKEN_OVER,
    EventKind.CLOSED,
}


@pytest.fixture
def day(site: Site) -> Day:
    site.is_default = True
    site.save()
    ledger = Ledger()
    people = [_coordinator(site, number, ledger) for number in range(PEOPLE)]
    return Day(site, people, Random(SEED), ledger)


def _coordinator(site: Site, number: int, ledger: Ledger) -> Coordinator:
    user, desk = MembershipFactory(site=site).user, None
    if number % 4 == 0:
        desk = Client()
        desk.force_login(user)
    return Coordinator(user, Random(SEED * 100 + number), ledger, desk)


def test_a_shift_of_eight(
    day: Day, database_clock: DatabaseClock, record_property: Callable[[str, object], None]
) -> None:
    began = time.monotonic()
    database_clock.stop()
    for step in range(STEPS):
        database_clock.advance(by=STEP)
        arriving = ENQUIRIES * (step + 1) // STEPS - ENQUIRIES * step // STEPS
        acts = [partial(day.arrive, arriving), day.do_jobs, *(each.work for each in day.people)]
        if step % 8 == 5:
            acts.append(day.cut_a_connection)
        together(acts)
        day.do_jobs()  # what has just arrived is placed before time moves on
        if step % 8 == 7:
            day.two_on_one()
    end = _run_dry(day, database_clock)
    _check_nothing_is_lost(day)
    _check_owners(day, end)
    _check_clocks(day, end)
    later = database_clock.advance(by=timedelta(days=5))
    _check_overdue(day, later)
    for line in _figures(day, time.monotonic() - began):
        record_property(FIGURES, line)
        print(line)


def _run_dry(day: Day, clock: DatabaseClock) -> datetime:
    """Let the workers finish, also what died in their hands: leases of jobs lapse, others take over."""
    at = clock.advance(by=lease_of(Level.P2))  # the longest one: every lead has gone back
    while Job.objects.filter(OPEN, kind__in=KINDS, due_at__lte=at).exists():
        day.do_jobs()
        at = clock.advance(by=timedelta(minutes=2))
    return at


def _check_nothing_is_lost(day: Day) -> None:
    keys = {each.idempotency_key for each in day.sent}
    found = reconcile()
    assert found.received == len(keys) == ENQUIRIES
    assert found.unaccounted == 0
    assert not Enquiry.objects.filter(lead=None).exists()
    assert not Lead.objects.filter(OPEN_LEAD, queue=Queue.UNROUTED).exists()
    assert not Job.objects.filter(kind__in=KINDS, dead_at__isnull=False).exists()


def _check_owners(day: Day, at: datetime) -> None:
    """Taken and gone take turns in every history; whoever believes they took a lead did, and nobody else."""
    taken = []
    histories: dict[UUID, list[LeadEvent]] = defaultdict(list)
    for event in LeadEvent.objects.filter(kind__in={EventKind.CLAIMED, *TAKES_AWAY}).order_by("id"):
        histories[event.lead_id].append(event)
    for lead in Lead.objects.all():
        holder: UUID | None = None
        for event in histories[lead.pk]:
            if event.kind == EventKind.CLAIMED:
                assert holder is None, f"{lead}: taken from somebody who had it"
                holder = event.by_id
                taken.append((lead.pk, holder))
            elif event.kind != EventKind.CLOSED:
                assert holder, f"{lead}: {event.kind} although nobody had it"
            if event.kind in TAKES_AWAY:
                holder = None
        assert lead.owner_id == holder, f"{lead}: the history names another holder"
        assert not is_held(lead, at), f"{lead}: a lease goes on long after the last act"
    believed = set(day.ledger.taken)
    assert believed <= set(taken)
    unanswered = len(taken) - len(day.ledger.taken)  # the connection was cut after the commit
    assert 0 <= unanswered <= day.ledger.figures["connections cut"]


def _check_clocks(day: Day, at: datetime) -> None:
    """First contact is the first two-way attempt and nothing else; the promise is what the level asks for."""
    attempts = list(ContactAttempt.objects.order_by("attempted_at"))
    first = {each.lead_id: each.attempted_at for each in reversed(attempts) if each.two_way}
    tries = Counter(each.lead_id for each in attempts)
    told = Counter(LeadEvent.objects.filter(kind=EventKind.FIRST_CONTACT).values_list("lead", flat=True))
    for lead in Lead.objects.all():
        assert lead.first_contact_at == first.get(lead.pk), lead
        assert lead.attempt_count == tries[lead.pk], lead
        assert told[lead.pk] == (lead.pk in first), lead
        if lead.enquiry_count == 1 and lead.level:
            minutes = target_minutes(Level(lead.level))
            assert lead.respond_by == lead.received_at + timedelta(minutes=minutes), lead
    stored = Counter((each.lead_id, each.two_way, each.attempted_at) for each in attempts)
    believed = Counter(day.ledger.tries)
    assert stored <= believed, "an attempt that nobody made, or a form that was sent twice and counted twice"
    assert (believed - stored).total() <= day.ledger.figures["connections cut"]
    _check_overdue(day, at)


def _check_overdue(day: Day, at: datetime) -> None:
    """Late are exactly those whom nobody has reached by the time promised, whoever looks or saves."""
    reached = {lead for lead, two_way, _ in day.ledger.tries if two_way}
    waiting = Lead.objects.filter(OPEN_LEAD).exclude(pk__in=reached)
    late = {lead.pk for lead in waiting if lead.respond_by < at}
    assert {lead.pk for lead in Lead.objects.all() if lead.is_overdue(at)} == late
    urgent = {lead.pk for lead in waiting if lead.respond_by < at and lead.queue == Queue.URGENT}
    user = day.people[0].user
    assert desk_counts(user=user, at=at).overdue == min(100, len(urgent))
    shown = {lead.pk for tab in Tab for part in parts_of(tab, user, at) for lead in part}
    assert shown == set(Lead.objects.filter(OPEN_LEAD).values_list("pk", flat=True))
    assert not waiting.filter(band=Band.FOLLOW_UP).exists()


def _figures(day: Day, seconds: float) -> list[str]:
    figures = day.ledger.figures
    reached = Lead.objects.exclude(first_contact_at=None)
    in_time = sum(lead.first_contact_at <= lead.respond_by for lead in reached)  # type: ignore[operator]
    lines = [
        f"shift of eight: {Enquiry.objects.count()} enquiries on {Lead.objects.count()} leads",
        f"shift of eight: {len(day.ledger.taken)} times taken, {ContactAttempt.objects.count()} attempts",
        f"shift of eight: {reached.count()} reached, {in_time} of them in time",
        f"shift of eight: {LeadEvent.objects.filter(kind=EventKind.LEASE_ENDED).count()} leases ended",
    ]
    lines += [f"shift of eight: {name}: {count}" for name, count in sorted(figures.items())]
    return [*lines, f"shift of eight: {seconds:.0f} s"]
