"""Telling the caller that it has arrived: only by a way that is safe, and only once."""

from datetime import UTC, datetime
from typing import Any

import pytest

from crm.calling import CallPromise
from crm.models import Lead, Site
from crm.services.acknowledgement import acknowledge_enquiry
from jobs.clock import database_now
from notifications.models import Message
from tests.factories import LeadFactory, PersonFactory

pytestmark = pytest.mark.django_db
CALL_BY = datetime(2026, 7, 3, 13, 30, tzinfo=UTC)


def acknowledge(lead: Lead, key: str = "one") -> None:
    acknowledge_enquiry(lead=lead, key=key, promise=CallPromise(CALL_BY), at=database_now())


def test_it_says_when_we_call_and_our_number_and_nothing_of_why(site: Site) -> None:
    lead = LeadFactory(site=site, caller=PersonFactory(email="ada@example.org", may_email=True))
    acknowledge(lead)
    message = Message.objects.get()
    assert message.to == "ada@example.org"
    assert message.context == {
        "reference": lead.reference,
        "call_by": "14:30 on Friday 3 July",  # British summer time
        "phone": site.phone,
        "voice": "self",
        "language": "en",
    }


def test_it_says_that_others_wait_already(site: Site) -> None:
    promise = CallPromise(CALL_BY, is_behind=True)
    acknowledge_enquiry(lead=LeadFactory(site=site), key="one", promise=promise, at=database_now())
    assert Message.objects.get().context["others_wait"] == "yes"


def test_a_site_without_a_number_names_none(site: Site) -> None:
    site.phone = ""
    acknowledge(LeadFactory(site=site))
    assert "phone" not in Message.objects.get().context


@pytest.mark.parametrize("state", [{"caller__may_email": False}, {"review": True}])
def test_there_is_silence_where_an_e_mail_may_do_harm(site: Site, state: dict[str, Any]) -> None:
    acknowledge(LeadFactory(site=site, **state))
    assert not Message.objects.exists()


def test_each_enquiry_is_acknowledged_once(site: Site) -> None:
    lead = LeadFactory(site=site)
    for key in ("one", "one", "two"):
        acknowledge(lead, key)
    assert Message.objects.count() == 2
