"""Twenty coordinators reach for ten leads in the same moment, on twenty connections."""

from functools import partial

import pytest

from crm.enums import EventKind, Queue
from crm.models import Lead, LeadEvent, Site, User
from crm.refusals import LeadAlreadyClaimed
from crm.services.queues import claim_lead, take_next
from jobs.clock import database_now
from tests.at_once import all_at_once
from tests.factories import LeadFactory, MembershipFactory

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, LEADS = 20, 10


def test_twenty_people_take_ten_leads_and_no_lead_twice(site: Site) -> None:
    people = [MembershipFactory(site=site).user for _ in range(PEOPLE)]
    leads = {LeadFactory(site=site).pk for _ in range(LEADS)}
    at = database_now()
    got = all_at_once([partial(take_next, by=who, queue=Queue.URGENT, at=at) for who in people])
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

    got = all_at_once([partial(claim, who) for who in people])
    won = [who for who, claimed in zip(people, got, strict=True) if claimed]
    lead.refresh_from_db()
    assert won == [lead.owner]
    assert LeadEvent.objects.filter(lead=lead, kind=EventKind.CLAIMED).count() == 1
