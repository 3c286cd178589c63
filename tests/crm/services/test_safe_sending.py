"""Nothing goes to somebody by a way that they did not call safe, whoever sends it: the shell included."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from crm.enums import Queue
from crm.models import Lead, Site
from jobs.clock import database_now
from notifications.enums import MessageKind, MessageState
from notifications.guards import NotSafeToSend
from notifications.models import Delivery, Message
from notifications.services.delivery import deliver
from notifications.services.outbox import queue_message
from tests.factories import LeadFactory, PersonFactory

pytestmark = pytest.mark.django_db
ADA = "ada@example.org"
BEN = "ben@example.org"
SAID = {"reference": "7KX3-9QF2", "call_by": "14:25 on Tuesday 3 March", "phone": "01632 960000"}


def send(to: str, about: UUID | None) -> Message:
    """Send as a colleague at a shell would."""
    return queue_message(
        kind=MessageKind.ENQUIRY_ACKNOWLEDGEMENT,
        to=to,
        context=SAID,
        dedupe_key=str(uuid4()),
        about=about,
        at=database_now(),
    )


def lead_of(site: Site, **caller: Any) -> Lead:
    return LeadFactory(site=site, caller=PersonFactory(**{"email": ADA, "may_email": True} | caller))


def test_a_caller_who_called_e_mail_safe_is_written_to(site: Site) -> None:
    assert send("Ada@Example.org", lead_of(site).pk).state == MessageState.QUEUED


@pytest.mark.parametrize(
    "caller", [{"may_email": False}, {"no_contact": True}, {"stopped_at": database_now}, {"email": ""}]
)
def test_nobody_else_is(site: Site, caller: dict[str, Any]) -> None:
    said = {name: value() if callable(value) else value for name, value in caller.items()}
    with pytest.raises(NotSafeToSend):
        send(said.get("email", ADA), lead_of(site, **said).pk)
    assert not Message.objects.exists()


def test_an_address_that_is_not_theirs_is_refused(site: Site) -> None:
    with pytest.raises(NotSafeToSend):
        send("eve@example.org", lead_of(site).pk)


@pytest.mark.parametrize("about", [None, uuid4()])
def test_a_message_about_no_lead_is_refused(about: UUID | None) -> None:
    with pytest.raises(NotSafeToSend):
        send(ADA, about)


def test_nothing_goes_to_an_address_of_a_lead_in_review(site: Site) -> None:
    lead = LeadFactory(site=site, review=True, caller=PersonFactory(email=ADA, may_email=True))
    assert lead.queue == Queue.REVIEW
    with pytest.raises(NotSafeToSend):
        send(ADA, lead.pk)


@pytest.mark.parametrize(
    ("patient", "holds"),
    [({"no_contact": True}, ["H-CONSENT"]), ({"no_contact": True}, []), ({}, ["H-CONSENT"])],
)
def test_nothing_goes_to_the_person_discussed_who_has_not_agreed(
    site: Site, patient: dict[str, Any], holds: list[str]
) -> None:
    ben = PersonFactory(email=BEN, may_email=True, **patient)
    lead = LeadFactory(site=site, caller=PersonFactory(email=ADA), patient=ben, holds=holds)
    with pytest.raises(NotSafeToSend):
        send(BEN, lead.pk)
    assert send(ADA, lead.pk).to == ADA


def test_the_person_discussed_is_written_to_once_they_have_agreed(site: Site) -> None:
    lead = LeadFactory(site=site, patient=PersonFactory(email=BEN, may_email=True))
    assert send(BEN, lead.pk).to == BEN


def test_what_is_no_longer_safe_when_its_turn_comes_is_not_sent(site: Site) -> None:
    lead = lead_of(site)
    message = send(ADA, lead.pk)
    lead.caller.stopped_at = database_now()
    lead.caller.save()
    deliver(message=message.pk, at=database_now())
    message.refresh_from_db()
    assert message.state == MessageState.CANCELLED
    assert not Delivery.objects.exists()
