"""Whoever waits to hear from us stands above every follow-up."""

from datetime import timedelta

import pytest

from crm.enums import Band, ContactMethod, ContactOutcome, Level, Stage
from crm.models import Lead, Site, User
from crm.selectors.queues import Tab, page_ids
from crm.services.contact import Try, log_attempt
from jobs.clock import database_now
from tests.factories import LeadFactory

pytestmark = pytest.mark.django_db


def test_a_late_follow_up_stands_below_somebody_who_was_never_called(site: Site, coordinator: User) -> None:
    at = database_now()
    late = LeadFactory(
        site=site,
        level=Level.E1,
        stage=Stage.CONTACTED,
        first_contact_at=at - timedelta(days=3),
        due_at=at - timedelta(days=2),
        band=Band.FOLLOW_UP,
    )
    waiting = LeadFactory(site=site, level=Level.U3)
    assert page_ids(Tab.URGENT, coordinator, at, after=None, size=9) == [waiting.pk, late.pk]


def test_two_way_contact_makes_a_lead_a_follow_up(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site, level=Level.E1)
    _speak(lead, coordinator)
    lead.refresh_from_db()
    assert (lead.band, lead.awaits_contact) == (Band.FOLLOW_UP, False)


def _speak(lead: Lead, by: User) -> None:
    attempt = Try(person=lead.caller, method=ContactMethod.CALL, outcome=ContactOutcome.SPOKE, two_way=True)
    log_attempt(lead=lead, by=by, attempt=attempt, at=database_now())
