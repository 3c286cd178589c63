"""What was to go out by a way that is no longer safe is not sent."""

import pytest

from crm.calling import CallPromise
from crm.models import Site, User
from crm.services.acknowledgement import acknowledge_enquiry
from crm.services.contact_rules import SafeWays, change_contact_rules
from jobs.clock import database_now
from notifications.enums import MessageState
from notifications.models import Message
from tests.factories import LeadFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", [MessageState.QUEUED, MessageState.FAILED])
def test_an_acknowledgement_is_cancelled_when_e_mail_becomes_unsafe(
    site: Site, coordinator: User, state: MessageState
) -> None:
    at = database_now()
    lead = LeadFactory(site=site, caller=PersonFactory(email="ada@example.com", may_email=True))
    acknowledge_enquiry(lead=lead, key=lead.reference, promise=CallPromise(at), at=at)
    Message.objects.filter(about=lead.pk).update(state=state)
    ways = SafeWays(may_call=True, may_voicemail=False, may_text=False, may_email=False)
    change_contact_rules(lead=lead, by=coordinator, person=lead.caller, ways=ways, at=at)
    assert Message.objects.get(about=lead.pk).state == MessageState.CANCELLED
