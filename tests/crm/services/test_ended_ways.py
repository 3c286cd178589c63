"""An e-mail that was called unwanted, or that came back, ends e-mail to that person and nothing else."""

import base64
import json
from typing import Any

import pytest
from django.test import Client

from crm.enums import ContactMethod, EventKind
from crm.event_words import event_details
from crm.models import Lead, LeadEvent, Person, Site
from crm.services.acknowledgement import send_copy
from crm.services.caller_requests import Page
from jobs.clock import database_now
from notifications.enums import ChannelName, MessageKind, MessageState
from notifications.guards import NotSafeToSend, tell_of_gone, tell_of_stop
from notifications.models import Delivery, Message
from notifications.services.outbox import queue_message
from tests.factories import LeadFactory, PersonFactory, SiteFactory
from vault.tokens import email_tokens, phone_tokens

pytestmark = pytest.mark.django_db
ADDRESS = "ada@example.org"
PASSWORD = "us:a-password-of-the-tests"
BOTH = pytest.mark.parametrize("tell", [tell_of_stop, tell_of_gone])


def ada(**more: Any) -> Person:
    person: Person = PersonFactory(
        **{"email": ADDRESS, "may_email": True, "may_call": True, "search_tokens": email_tokens(ADDRESS)}
        | more
    )
    return person


@pytest.fixture
def lead(site: Site) -> Lead:
    caller = ada()
    return LeadFactory(site=site, caller=caller, patient=caller)


def letter(lead: Lead, key: str = "k") -> Message:
    return queue_message(
        kind=MessageKind.ENQUIRY_ACKNOWLEDGEMENT,
        to=lead.caller.email,
        context={"reference": lead.reference, "call_by": "14:25 on Tuesday 3 March"},
        dedupe_key=key,
        about=lead.pk,
        at=database_now(),
    )


def events(lead: Lead) -> list[LeadEvent]:
    return list(lead.events.filter(kind=EventKind.WAY_ENDED))


@BOTH
def test_it_ends_email_at_once_and_leaves_the_other_ways(lead: Lead, tell: Any) -> None:
    waiting = letter(lead)
    tell(ChannelName.EMAIL, to="Ada@Example.org", at=database_now())
    caller = Person.objects.get(pk=lead.caller_id)
    assert not caller.allows(ContactMethod.EMAIL)
    assert caller.allows(ContactMethod.CALL)
    assert caller.stopped_at is None
    waiting.refresh_from_db()
    assert waiting.state == MessageState.CANCELLED
    with pytest.raises(NotSafeToSend):
        letter(lead, "again")


@pytest.mark.parametrize(("tell", "words"), [(tell_of_stop, "unwanted"), (tell_of_gone, "does not work")])
def test_the_lead_says_why_once_and_not_which_address(
    lead: Lead, tell: Any, words: str, desk: Client
) -> None:
    for _ in range(2):
        tell(ChannelName.EMAIL, to=ADDRESS, at=database_now())
    (event,) = events(lead)
    assert words in event_details(event)[0]
    assert ADDRESS not in str(event.data)
    page = desk.get(f"/desk/leads/{lead.reference}/").content.decode()
    assert "One way to reach them has ended" in page
    assert words in page


def test_it_holds_for_every_lead_and_site_of_theirs_and_for_nobody_else(lead: Lead) -> None:
    elsewhere = LeadFactory(site=SiteFactory(), caller=PersonFactory(), patient=lead.caller)
    namesake = LeadFactory(caller=ada(email="ada@example.com", search_tokens=email_tokens("ada@example.com")))
    theirs = letter(namesake)
    tell_of_stop(ChannelName.EMAIL, to=ADDRESS, at=database_now())
    assert [event.data["who"] for each in (lead, elsewhere) for event in events(each)] == [
        "caller",
        "patient",
    ]
    assert events(namesake) == []
    theirs.refresh_from_db()
    assert theirs.state == MessageState.QUEUED
    assert Person.objects.get(pk=namesake.caller_id).may_email


def test_another_address_of_the_same_lead_is_still_written_to(site: Site) -> None:
    lead = LeadFactory(site=site, caller=ada(), patient=ada(email="bo@example.org", search_tokens=[]))
    to_the_other = queue_message(
        kind=MessageKind.CALLER_TRIED,
        to="bo@example.org",
        context={"reference": lead.reference, "phone": "01632 960000", "voice": "self"},
        dedupe_key="bo",
        about=lead.pk,
        at=database_now(),
    )
    tell_of_gone(ChannelName.EMAIL, to=ADDRESS, at=database_now())
    to_the_other.refresh_from_db()
    assert to_the_other.state == MessageState.QUEUED


@BOTH
@pytest.mark.parametrize("channel", [ChannelName.VOICE, ChannelName.PUSH])
def test_news_of_another_way_say_nothing_about_email(lead: Lead, tell: Any, channel: ChannelName) -> None:
    tell(channel, to=ADDRESS, at=database_now())
    assert Person.objects.get(pk=lead.caller_id).may_email


def test_a_number_that_takes_no_texts_gets_no_more_and_is_still_rung(site: Site) -> None:
    number = "+447700900123"
    caller = PersonFactory(
        phone=number, phone_e164=number, may_text=True, may_call=True, search_tokens=phone_tokens(number)
    )
    lead = LeadFactory(site=site, caller=caller)
    for _ in range(2):
        tell_of_gone(ChannelName.SMS, to=number, at=database_now())
    caller.refresh_from_db()
    assert (caller.allows(ContactMethod.TEXT), caller.allows(ContactMethod.CALL)) == (False, True)
    (event,) = events(lead)
    assert event_details(event) == ["Texts to the caller: none can arrive at this number."]
    assert number not in str(event.data)


def test_a_copy_that_they_ask_for_is_refused_as_it_is_for_whoever_wants_no_email(lead: Lead) -> None:
    tell_of_gone(ChannelName.EMAIL, to=ADDRESS, at=database_now())
    with pytest.raises(NotSafeToSend):
        send_copy(
            lead=lead, page=Page("e", opened_lead=True), promise=None, link="/received/x/", at=database_now()
        )


@pytest.mark.parametrize(
    ("said", "ends"),
    [
        ({"RecordType": "SpamComplaint", "ID": 1, "Type": "SpamComplaint"}, True),
        ({"RecordType": "Bounce", "ID": 1, "Type": "HardBounce"}, True),
        ({"RecordType": "Bounce", "ID": 1, "Type": "SoftBounce"}, False),
        ({"RecordType": "Bounce", "ID": 1, "Type": "Transient"}, False),
        ({"RecordType": "Delivery"}, False),
    ],
)
def test_the_whole_way_from_a_providers_report(
    lead: Lead, settings: Any, client: Client, said: dict[str, Any], *, ends: bool
) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": PASSWORD}
    message = letter(lead)
    Message.objects.update(state=MessageState.SENT, sent_at=database_now())
    Delivery.objects.create(
        message=message, started_at=database_now(), outcome="ACCEPTED", provider_id="pm-1"
    )
    pair = base64.b64encode(PASSWORD.encode()).decode()
    for _ in range(2):
        answer = client.post(
            "/hooks/receipts/postmark/",
            json.dumps({"MessageID": "pm-1", "Recipient": ADDRESS} | said),
            content_type="application/json",
            headers={"Authorization": f"Basic {pair}"},
        )
        assert answer.status_code == 204
    assert Person.objects.get(pk=lead.caller_id).may_email is not ends
    assert len(events(lead)) == ends
