"""What waits too long, unplaced or in review, is noted and alerted once."""

from datetime import timedelta

from crm.enums import EventKind
from crm.models import Site, User
from crm.services.unattended import UNPLACED, UNREVIEWED, flag_unattended_leads
from jobs.clock import database_now
from notifications.models import Message
from tests.factories import LeadFactory


def test_a_lead_unplaced_for_a_minute_is_flagged_and_alerted_once(site: Site, coordinator: User) -> None:
    at = database_now()
    lead = LeadFactory(site=site, unrouted=True, received_at=at - timedelta(seconds=61))
    assert [flag_unattended_leads(wait=UNPLACED, at=at), flag_unattended_leads(wait=UNPLACED, at=at)] == [
        1,
        0,
    ]
    assert lead.events.filter(kind=EventKind.NOT_PLACED_IN_TIME).count() == 1
    assert Message.objects.filter(about=lead.pk).count() == 1


def test_what_is_young_placed_over_or_in_review_is_left_alone(site: Site, coordinator: User) -> None:
    at = database_now()
    LeadFactory(site=site, unrouted=True, received_at=at - timedelta(seconds=59))
    LeadFactory(site=site)
    LeadFactory(site=site, unrouted=True, closed=True)
    LeadFactory(site=site, review=True)
    assert flag_unattended_leads(wait=UNPLACED, at=at) == 0


def test_a_quarter_of_an_hour_in_review_is_flagged_and_alerted_once(site: Site, coordinator: User) -> None:
    at = database_now()
    lead = LeadFactory(site=site, review=True, received_at=at - timedelta(minutes=16))
    LeadFactory(site=site, review=True, received_at=at - timedelta(minutes=14))
    flagged = [flag_unattended_leads(wait=UNREVIEWED, at=at) for _ in range(2)]
    assert flagged == [1, 0]
    assert lead.events.filter(kind=EventKind.REVIEW_WAITING).count() == 1
    assert [message.to for message in Message.objects.filter(about=lead.pk)] == [coordinator.email]
