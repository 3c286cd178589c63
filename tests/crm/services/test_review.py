"""A person's verdict on an enquiry that looked odd."""

from datetime import timedelta

import pytest

from crm.enums import Disposition, EventKind, Level, Queue, Stage
from crm.models import Lead, LeadEvent, Site, User
from crm.services.queues import claim_lead
from crm.services.review import NotInReview, accept_from_review, reject_in_review
from jobs.clock import database_now
from notifications.models import Message
from tests.factories import LeadFactory, PlacementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def suspect(site: Site) -> Lead:
    """In review, and already read by the rules: U1, and a clinician clears it first."""
    lead = LeadFactory(site=site, review=True, holds=[])
    PlacementFactory(lead=lead, level=Level.U1, holds=["H-CLIN"])
    return lead


def test_accepting_puts_it_where_the_rules_placed_it(suspect: Lead, coordinator: User) -> None:
    accept_from_review(lead=suspect, by=coordinator, at=database_now())
    lead = Lead.objects.get()
    assert (lead.queue, lead.level, lead.holds, lead.review_reason) == (Queue.URGENT, "U1", ["H-CLIN"], "")
    assert lead.due_at == lead.respond_by == suspect.received_at + timedelta(minutes=30)
    assert LeadEvent.objects.get(kind=EventKind.REVIEW_ACCEPTED).by == coordinator


def test_accepting_an_urgent_one_alerts(suspect: Lead, coordinator: User) -> None:
    accept_from_review(lead=suspect, by=coordinator, at=database_now())
    assert Message.objects.get().to == coordinator.email


def test_accepting_before_the_rules_have_spoken_leaves_it_to_be_routed(site: Site, coordinator: User) -> None:
    suspect = LeadFactory(site=site, review=True, can_wait=True)
    accept_from_review(lead=suspect, by=coordinator, at=database_now())
    lead = Lead.objects.get()
    assert (lead.queue, lead.level, lead.can_wait) == (Queue.UNROUTED, None, False)


def test_rejecting_closes_it_and_keeps_it(suspect: Lead, coordinator: User) -> None:
    claim_lead(lead=suspect, by=coordinator, at=database_now())
    reject_in_review(lead=suspect, by=coordinator, at=database_now())
    lead = Lead.objects.get()
    assert (lead.stage, lead.disposition, lead.owner) == (Stage.CLOSED, Disposition.NOT_AN_ENQUIRY, None)
    assert LeadEvent.objects.get(kind=EventKind.REVIEW_REJECTED).by == coordinator


@pytest.mark.parametrize("first", [accept_from_review, reject_in_review])
@pytest.mark.parametrize("second", [accept_from_review, reject_in_review])
def test_there_is_one_verdict(
    suspect: Lead, coordinator: User, manager: User, first: object, second: object
) -> None:
    first(lead=suspect, by=coordinator, at=database_now())
    with pytest.raises(NotInReview):
        second(lead=suspect, by=manager, at=database_now())


def test_a_lead_that_never_was_in_review_has_no_verdict(site: Site, coordinator: User) -> None:
    with pytest.raises(NotInReview):
        reject_in_review(lead=LeadFactory(site=site), by=coordinator, at=database_now())
