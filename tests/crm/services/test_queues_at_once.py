"""Twenty coordinators reach for ten leads in the same moment, on twenty connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from crm.enums import EventKind, Queue
from crm.models import Lead, LeadEvent, Site, User
from crm.refusals import LeadAlreadyClaimed
from crm.services.queues import claim_lead, take_next
from jobs.clock import database_now
from tests.factories import LeadFactory, MembershipFactory

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, LEADS = 20, 10


def all_at_once(people: list[User], work: Callable[[User], Lead | None]) -> list[Lead | None]:
    """Run the work for everyone in threads that start together; return what each got."""
    barrier = Barrier(len(people))

    def run(person: User) -> Lead | None:
        try:
            barrier.wait(timeout=10)
            return work(person)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(run, people))


def test_twenty_people_take_ten_leads_and_no_lead_twice(site: Site) -> None:
    people = [MembershipFactory(site=site).user for _ in range(PEOPLE)]
    leads = {LeadFactory(site=site).pk for _ in range(LEADS)}
    got = all_at_once(people, lambda who: take_next(by=who, queue=Queue.URGENT, at=database_now()))
    taken = [lead.pk for lead in got if lead]
    assert set(taken) == leads
    assert len(taken) == LEADS
    assert LeadEvent.objects.filter(kind=EventKind.CLAIMED).count() == LEADS
    assert Lead.objects.filter(owner=None).count() == 0


def test_twenty_people_claim_one_lead_and_one_gets_it(site: Site) -> None:
    people = [MembershipFactory(site=site).user for _ in range(PEOPLE)]
    lead = LeadFactory(site=site)

    def claim(who: User) -> Lead | None:
        try:
            return claim_lead(lead=lead, by=who, at=database_now())
        except LeadAlreadyClaimed:
            return None

    won = [who for who, got in zip(people, all_at_once(people, claim), strict=True) if got]
    lead.refresh_from_db()
    assert won == [lead.owner]
    assert LeadEvent.objects.filter(lead=lead, kind=EventKind.CLAIMED).count() == 1
