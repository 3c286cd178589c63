"""Pressing a key in the call of an alert: what Twilio posts, and what the call goes on to say."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.http import HttpResponse, QueryDict
from django.test import Client
from django.urls import reverse

from crm.ack_tokens import GOOD_FOR, ack_token
from crm.enums import Disposition, EventKind, Level
from crm.models import Lead, Site, User
from crm.services.acknowledging import acknowledge
from crm.services.alerts import alert_staff
from crm.services.stages import Closing, close_lead
from jobs.clock import database_now
from notifications.channels.spoken import spell
from notifications.enums import Acknowledgement, ChannelName
from notifications.hooks.signatures import twilio_signature
from notifications.models import Escalation, Message
from tests.factories import LeadFactory, MembershipFactory, PersonFactory
from tests.notifications.peers.twilio import TOKEN, Twilio
from tests.notifications.work import try_once

BASE = "https://help.example"


@pytest.fixture(autouse=True)
def _twilio_reaches_us(settings: Any) -> None:
    settings.BASE_URL, settings.TWILIO_AUTH_TOKEN = BASE, TOKEN


@pytest.fixture
def lead(site: Site, coordinator: User) -> Lead:
    lead = LeadFactory(site=site, level=Level.E2, caller=PersonFactory(name="Zebedee Quagmire"))
    alert_staff(lead=lead, key="k", at=database_now())
    return lead


def chain() -> Escalation:
    return Escalation.objects.get()


def there(to: User, **changes: Any) -> str:
    """Return the address that a call to this person gives to Twilio, for its first round."""
    usual = {"escalation": chain().pk, "user": to.pk, "at": database_now(), "how": Acknowledgement.VOICE}
    return f"{BASE}{reverse('crm:answer_call', args=[ack_token(**usual | changes)])}?time=1"


def press(url: str, digits: str = "1", *, secret: str = TOKEN, **said: str) -> HttpResponse:
    """Post what Twilio posts when a key was pressed, or with digits="" when none was."""
    posted = QueryDict(mutable=True)
    call = {"CallSid": "CA1", "CallStatus": "in-progress", "To": "+447700900123"}
    posted.update(call | {"Digits": digits} | said)
    signature = twilio_signature(secret=secret, url=url, posted=posted)
    parts = urlsplit(url)
    client = Client(enforce_csrf_checks=True)
    return client.post(
        f"{parts.path}?{parts.query}", posted.dict(), headers={"X-Twilio-Signature": signature}
    )


def said(answer: HttpResponse) -> str:
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/xml")
    return " ".join(ElementTree.fromstring(answer.content).itertext())


def rounds(answer: HttpResponse) -> list[str]:
    """Return the addresses to which the next keys are posted."""
    return [gather.get("action", "") for gather in ElementTree.fromstring(answer.content).iter("Gather")]


def test_a_call_that_goes_out_asks_for_the_key_at_an_address_of_its_recipient(
    lead: Lead, coordinator: User, twilio: Twilio
) -> None:
    Message.objects.update(channel=ChannelName.VOICE, to="+447700900123")
    twilio.then("ok")
    try_once(Message.objects.get())
    script = twilio.form(twilio.asked[0])["Twiml"][0]
    action = ElementTree.fromstring(script).findall("Gather")[0].get("action", "")
    assert spell(lead.reference) in script
    for personal in ("Zebedee", coordinator.email, "900123", lead.reference):
        assert personal not in action
    assert f"You said you have {spell(lead.reference)}" in said(press(action))
    assert (chain().acknowledged_by, chain().how) == (coordinator.pk, "VOICE")


def test_pressing_1_says_that_one_has_it_and_leaves_the_clock_running(lead: Lead, coordinator: User) -> None:
    answer = press(there(coordinator))
    assert f"Thank you. You said you have {spell(lead.reference)} Nobody else is alerted" in said(answer)
    assert (said(answer).endswith("Goodbye."), rounds(answer)) == (True, [])
    lead.refresh_from_db()
    assert (lead.owner, lead.first_contact_at) == (None, None)
    event = lead.events.get(kind=EventKind.ACKNOWLEDGED)
    assert (event.by, event.data["how"]) == (coordinator, "VOICE")


def test_the_timeline_says_by_what(lead: Lead, coordinator: User, desk: Client) -> None:
    press(there(coordinator))
    page = desk.get(reverse("crm:lead", args=[lead.reference])).content.decode()
    assert "By pressing a key in a call, after less than a minute." in page


def test_the_same_key_reported_twice_counts_once(lead: Lead, coordinator: User) -> None:
    press(there(coordinator))
    assert "You said so already, at" in said(press(there(coordinator)))
    assert lead.events.filter(kind=EventKind.ACKNOWLEDGED).count() == 1


def test_the_slower_of_two_is_told_who_has_it(lead: Lead, site: Site, coordinator: User) -> None:
    other = MembershipFactory(site=site, user__full_name="Robin <Second>").user
    press(there(other))
    assert "Robin <Second> is seeing to it, and has not called yet. You can still take it." in said(
        press(there(coordinator))
    )
    assert chain().acknowledged_by == other.pk


def test_a_call_says_nobodys_address(lead: Lead, site: Site, coordinator: User) -> None:
    press(there(MembershipFactory(site=site, user__full_name="").user))
    assert said(press(there(coordinator))).count("A colleague is seeing to it") == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_at_the_same_moment_exactly_one_is_first(lead: Lead, site: Site) -> None:
    addresses = [there(MembershipFactory(site=site).user) for _ in range(6)]

    def answered(address: str) -> str:
        try:
            return said(press(address))
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        heard = list(pool.map(answered, addresses))
    assert sum("Thank you" in each for each in heard) == 1
    assert sum("is seeing to it" in each for each in heard) == 5
    assert lead.events.filter(kind=EventKind.ACKNOWLEDGED).count() == 1


@pytest.mark.parametrize("digits", ["2", "0", "#", "*", "", "11", "１"])
def test_any_other_key_is_said_again_and_then_it_is_goodbye(
    lead: Lead, coordinator: User, digits: str
) -> None:
    first = press(there(coordinator), digits)
    assert [address.rpartition("=")[2] for address in rounds(first)] == ["2", "3"]
    assert said(first).count(f"Reference: {spell(lead.reference)}") == 2
    second = press(rounds(first)[0], digits)
    assert [address.rpartition("=")[2] for address in rounds(second)] == ["3"]
    third = press(rounds(second)[0], digits)
    assert (rounds(third), said(third)) == ([], "Goodbye.")
    assert chain().acknowledged_at is None


def test_1_in_a_later_round_counts_as_well(lead: Lead, coordinator: User) -> None:
    again = press(there(coordinator), "7")
    assert "Thank you" in said(press(rounds(again)[1]))


def test_a_machine_that_presses_nothing_says_nothing(lead: Lead, coordinator: User) -> None:
    """Twilio then posts nothing here, or a call that is over, without a key."""
    said(press(there(coordinator), "", CallStatus="completed", AnsweredBy="machine_start"))
    assert chain().acknowledged_at is None
    assert not lead.events.filter(kind=EventKind.ACKNOWLEDGED).exists()


def test_another_key_after_somebody_answered_says_who_has_it(
    lead: Lead, manager: User, coordinator: User
) -> None:
    acknowledge(lead=lead, by=manager, at=database_now())
    answer = press(there(coordinator), "5")
    assert "Morgan Manager is seeing to it" in said(answer)
    assert rounds(answer) == []


def test_what_is_over_says_so(lead: Lead, manager: User, coordinator: User) -> None:
    close_lead(lead=lead, by=manager, closing=Closing(Disposition.NOT_NOW), at=database_now())
    assert "Nobody has to answer any more" in said(press(there(coordinator)))
    assert chain().acknowledged_at is None


@pytest.mark.parametrize("secret", ["", "another"])
def test_a_forged_key_changes_nothing(lead: Lead, coordinator: User, secret: str) -> None:
    assert press(there(coordinator), secret=secret).status_code == 403
    assert chain().acknowledged_at is None


def test_a_signature_is_for_one_address(lead: Lead, site: Site, coordinator: User) -> None:
    """Whoever has heard one call cannot answer as somebody else with it."""
    other = MembershipFactory(site=site).user
    posted = QueryDict("Digits=1")
    signature = twilio_signature(secret=TOKEN, url=there(coordinator), posted=posted)
    parts = urlsplit(there(other))
    headers = {"X-Twilio-Signature": signature}
    answer = Client().post(f"{parts.path}?{parts.query}", {"Digits": "1"}, headers=headers)
    assert (answer.status_code, chain().acknowledged_at) == (403, None)


def test_without_a_token_of_the_account_nobody_is_believed(
    lead: Lead, coordinator: User, settings: Any
) -> None:
    settings.TWILIO_AUTH_TOKEN = ""
    assert press(there(coordinator), secret="").status_code == 403


def test_only_posts_are_answered(lead: Lead, coordinator: User, client: Client) -> None:
    assert client.get(there(coordinator).removeprefix(BASE)).status_code == 405


@pytest.mark.parametrize(
    "changes",
    [
        {"at": database_now},
        {"user": uuid4},
        {"escalation": uuid4},
        {"how": lambda: Acknowledgement.LINK},
        {"how": lambda: Acknowledgement.PUSH},
    ],
    ids=["old", "nobody", "unknown", "of the page", "of a push message"],
)
def test_a_call_that_has_run_out_or_is_not_ours_says_so(
    lead: Lead, coordinator: User, changes: dict[str, Any]
) -> None:
    given = {name: make() for name, make in changes.items()}
    if "at" in given:
        given["at"] -= GOOD_FOR + timedelta(seconds=1)
    assert "run out" in said(press(there(coordinator, **given)))
    assert chain().acknowledged_at is None


def test_whoever_left_answers_nothing(lead: Lead, coordinator: User) -> None:
    url = there(coordinator)
    coordinator.memberships.all().delete()
    assert "run out" in said(press(url))
    assert chain().acknowledged_at is None


def test_the_token_of_a_call_does_nothing_on_the_page(lead: Lead, coordinator: User, client: Client) -> None:
    token = there(coordinator).rpartition("/")[0].rpartition("/")[2]
    assert client.post(reverse("crm:ack", args=[token])).status_code == 404
    assert chain().acknowledged_at is None


def test_the_token_of_a_push_message_says_so_on_the_timeline(
    lead: Lead, coordinator: User, client: Client
) -> None:
    token = ack_token(escalation=chain().pk, user=coordinator.pk, at=database_now(), how=Acknowledgement.PUSH)
    assert client.post(reverse("crm:ack", args=[token])).status_code == 200
    assert chain().how == "PUSH"


def test_no_call_asks_for_a_key_where_twilio_cannot_reach_us(
    lead: Lead, coordinator: User, twilio: Twilio
) -> None:
    message = Message.objects.get()
    message.context["answer_call"] = "http://127.0.0.1:8000/hooks/answers/call/x/"
    Message.objects.update(channel=ChannelName.VOICE, to="+447700900123", context=message.context)
    twilio.then("ok")
    try_once(Message.objects.get())
    assert "Press 1" not in twilio.form(twilio.asked[0])["Twiml"][0]
