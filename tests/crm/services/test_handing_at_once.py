"""People who reach for a lead, and go away, in the same moment, each on a connection of their own."""

from functools import partial

import pytest

from crm.enums import AwayReason, EndOfLease, EventKind
from crm.models import Absence, Lead, LeadEvent, Site, User
from crm.services.absences import go_away
from crm.services.handing import ask_for_lead, hand_over, take_over
from crm.services.queues import claim_lead
from crm.services.returning import return_leads_of
from jobs.clock import database_now
from tests.at_once import let_through
from tests.factories import LeadFactory, MembershipFactory

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5
WHY = "They rang me directly just now."


@pytest.fixture
def people(site: Site) -> list[User]:
    return [MembershipFactory(site=site).user for _ in range(4)]


def test_nobody_who_has_gone_away_is_given_a_lead(site: Site, people: list[User]) -> None:
    for _ in range(ROUNDS):
        lead, who, at = LeadFactory(site=site), people[0], database_now()
        let_through(
            partial(claim_lead, lead=lead, by=who, at=at),
            partial(go_away, user=who, reason=AwayReason.BREAK, by=who, at=at),
        )
        held = Lead.objects.filter(owner=who).exists()
        assert not (held and Absence.objects.filter(user=who, back_at=None).exists())
        return_leads_of(user=who, why=EndOfLease.SIGNED_OUT, by=who, at=at)


def test_three_take_over_one_lead_and_each_takes_it_from_the_one_before(
    site: Site, people: list[User]
) -> None:
    lead, at = LeadFactory(site=site), database_now()
    claim_lead(lead=lead, by=people[0], at=at)
    done = let_through(*[partial(take_over, lead=lead, by=who, reason=WHY, at=at) for who in people[1:]])
    assert done == [True, True, True]
    takings = LeadEvent.objects.filter(lead=lead, kind=EventKind.TAKEN_OVER)
    taken_from = {event.data["owner"] for event in takings}
    lead.refresh_from_db()
    assert taken_from == {str(each.pk) for each in people} - {str(lead.owner_id)}


def test_a_lead_is_handed_over_or_taken_over_never_both_ways_lost(site: Site, people: list[User]) -> None:
    for _ in range(ROUNDS):
        lead, at = LeadFactory(site=site), database_now()
        holder, asks, takes, _ = people
        claim_lead(lead=lead, by=holder, at=at)
        ask = ask_for_lead(lead=lead, by=asks, note="", at=at)
        let_through(
            partial(hand_over, lead=lead, by=holder, asked=ask.pk, at=at),
            partial(take_over, lead=lead, by=takes, reason=WHY, at=at),
            partial(return_leads_of, user=asks, why=EndOfLease.SIGNED_OUT, by=asks, at=at),
        )
        lead.refresh_from_db()
        assert lead.owner in {asks, takes, None}
        assert bool(lead.owner_id) == bool(lead.lease_until)
