"""What nothing has placed within a minute is noted and alerted once."""

from datetime import timedelta

from crm.enums import EventKind
from crm.models import Site, User
from crm.services.unplaced import flag_unplaced_leads
from jobs.clock import database_now
from notifications.models import Message
from tests.factories import LeadFactory


def test_a_lead_unplaced_for_a_minute_is_flagged_and_alerted_once(site: Site, coordinator: User) -> None:
    at = database_now()
    lead = LeadFactory(site=site, unrouted=True, received_at=at - timedelta(seconds=61))
    assert [flag_unplaced_leads(at=at), flag_unplaced_leads(at=at)] == [1, 0]
    assert lead.events.filter(kind=EventKind.NOT_PLACED_IN_TIME).count() == 1
    assert Message.objects.filter(about=lead.pk).count() == 1


def test_what_is_young_placed_over_or_in_review_is_left_alone(site: Site, coordinator: User) -> None:
    at = database_now()
    LeadFactory(site=site, unrouted=True, received_at=at - timedelta(seconds=59))
    LeadFactory(site=site)
    LeadFactory(site=site, unrouted=True, closed=True)
    LeadFactory(site=site, review=True)
    assert flag_unplaced_leads(at=at) == 0
