"""The link in a summary: every alert of it that still waits, each with its own button."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.ack_tokens import GOOD_FOR, ack_token, summary_token
from crm.enums import Level
from crm.leases import lease_of
from crm.models import Lead, Site, User
from crm.services.acknowledging import acknowledge
from crm.services.alerts import alert_staff
from crm.services.escalating import run_step
from crm.services.unkept_answers import alert_unless_kept
from jobs.clock import database_now
from notifications.enums import ChannelName, MessageKind, MessageState, Why
from notifications.models import Escalation, Message
from notifications.services.rendering import render_message
from tests.clock import DatabaseClock
from tests.factories import LeadFactory, MembershipFactory, PersonFactory, ShiftFactory, StaffChannelFactory
from tests.notifications.work import try_once

pytestmark = pytest.mark.django_db
MINUTES = timedelta(minutes=1)


def begin(site: Site, at: datetime, level: Level = Level.E2) -> Lead:
    caller = PersonFactory(name="Zebedee Quagmire")
    lead = LeadFactory(site=site, level=level, caller=caller, received_at=at)
    alert_staff(lead=lead, key=str(lead.pk), at=at)
    return lead


def link(user: User, at: datetime | None = None) -> str:
    return reverse("crm:ack_many", args=[summary_token(user=user.pk, at=at or database_now())])


def body(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200
    return page.content.decode()


@pytest.fixture
def summary(site: Site, coordinator: User, database_clock: DatabaseClock) -> Message:
    """What the coordinator gets after half an hour in which nothing went out, of two leads."""
    ShiftFactory(user=coordinator, site=site, on_call=1)
    database_clock.stop()
    at = database_now()
    for _ in range(2):
        begin(site, at)
    Message.objects.all().delete()
    later = database_clock.advance(seconds=1800)
    run_step(escalation=Escalation.objects.earliest("pk").pk, at=later)
    return Message.objects.filter(kind=MessageKind.ALERT_SUMMARY).latest("created_at")


def test_a_summary_leads_to_all_that_wait_and_each_is_answered_there(
    summary: Message, coordinator: User, client: Client
) -> None:
    page = body(client, summary.context["answer_link"])
    first, second = Lead.objects.order_by("received_at")
    assert "2 leads wait for an answer" in page
    assert all(words in page for words in (first.reference, second.reference, "E2", "Urgent"))
    assert "Zebedee" not in page
    action = page.split('action="')[1].split('"')[0]
    assert "You said you have" in client.post(action).content.decode()
    assert "1 lead waits for an answer" in body(client, summary.context["answer_link"])
    assert Escalation.objects.get(acknowledged_by=coordinator.pk).how == "LINK"
    assert not client.get(action).cookies


def test_the_most_severe_comes_first(site: Site, coordinator: User, client: Client) -> None:
    at = database_now()
    references = [begin(site, at, level).reference for level in (Level.U1, Level.E1, Level.E2)]
    page = body(client, link(coordinator))
    order = sorted(references, key=page.index)
    assert order == [references[1], references[2], references[0]]


def test_looking_answers_nothing(site: Site, coordinator: User, client: Client) -> None:
    begin(site, database_now())
    for method in (client.get, client.head):
        page = method(link(coordinator))
        assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("no-referrer", "noindex, nofollow")
        assert "no-store" in page["Cache-Control"]
    assert client.post(link(coordinator)).status_code == 405
    assert not Escalation.objects.filter(acknowledged_at__isnull=False).exists()


def test_it_shows_what_had_begun_by_then_where_its_person_works(
    site: Site, coordinator: User, client: Client
) -> None:
    at = database_now()
    here, elsewhere = begin(site, at), begin(MembershipFactory().site, at)
    address = link(coordinator)
    page = body(client, address)
    assert here.reference in page
    assert elsewhere.reference not in page


def test_what_began_since_is_shown_apart_and_answered_at_the_desk_only(
    site: Site, coordinator: User, client: Client
) -> None:
    at = database_now()
    here, address = begin(site, at), link(coordinator)
    later, elsewhere = begin(site, at + MINUTES), begin(MembershipFactory().site, at + MINUTES)
    page = body(client, address)
    told, also = page.split("Also waiting now")
    assert (here.reference in told, here.reference in also) == (True, False)
    assert (later.reference in told, later.reference in also) == (False, True)
    assert elsewhere.reference not in page
    assert "1 lead waits for an answer" in told
    assert "E2" in also
    assert "Zebedee" not in page
    assert page.count('action="') == 1, "only what the message told of has a button"
    at_desk = f"/desk/leads/{later.reference}/"
    assert f'href="{at_desk}"' in also
    assert client.get(at_desk).status_code == 302, "where one has to sign in"


def test_what_began_since_is_shown_when_all_else_is_answered(
    site: Site, manager: User, coordinator: User, client: Client
) -> None:
    at = database_now()
    here, address = begin(site, at), link(coordinator)
    later = begin(site, at + MINUTES)
    acknowledge(lead=here, by=manager, at=database_now())
    page = body(client, address)
    assert "All of them are answered" in page
    assert later.reference in page.split("Waiting now")[1]


def test_an_alert_that_begins_again_is_one_that_began_since(
    site: Site, manager: User, coordinator: User, client: Client
) -> None:
    at = database_now()
    lead, address = begin(site, at), link(coordinator)
    acknowledge(lead=lead, by=manager, at=at)
    alert_unless_kept(escalation=Escalation.objects.get().pk, at=at + lease_of(lead.level))
    assert lead.reference in body(client, address).split("Waiting now")[1]


def test_what_is_answered_is_not_there_any_more(
    site: Site, manager: User, coordinator: User, client: Client
) -> None:
    lead = begin(site, database_now())
    acknowledge(lead=lead, by=manager, at=database_now())
    assert "All of them are answered" in body(client, link(coordinator))


def left(user: User) -> None:
    user.memberships.all().delete()


def inactive(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


@pytest.mark.parametrize("gone", [left, inactive])
def test_whoever_does_not_work_there_any_more_sees_nothing(
    site: Site, coordinator: User, client: Client, gone: Callable[[User], None]
) -> None:
    lead = begin(site, database_now())
    gone(coordinator)
    page = client.get(link(coordinator))
    assert page.status_code == 410
    assert lead.reference not in page.content.decode()


def test_it_runs_out_after_a_day_and_cannot_be_forged(site: Site, coordinator: User, client: Client) -> None:
    begin(site, database_now())
    assert client.get(link(coordinator, database_now() - GOOD_FOR)).status_code == 410
    single = ack_token(escalation=Escalation.objects.get().pk, user=coordinator.pk, at=database_now())
    many = summary_token(user=coordinator.pk, at=database_now())
    for token in (single, many[:-1] + ("A" if many[-1] != "A" else "B"), "x.y"):
        assert client.get(reverse("crm:ack_many", args=[token])).status_code == 404
    assert client.post(reverse("crm:ack", args=[many])).status_code == 404


def test_it_asks_no_more_queries_for_many(
    site: Site, coordinator: User, client: Client, django_assert_num_queries: Any
) -> None:
    at = database_now()
    begin(site, at)
    address = link(coordinator, at + MINUTES)
    with django_assert_num_queries(4):
        body(client, address)
    for _ in range(30):
        begin(site, at)
    with django_assert_num_queries(4):
        body(client, address)


# --- how a summary goes out


def test_a_summary_of_what_is_answered_by_then_is_not_sent(
    summary: Message, site: Site, manager: User
) -> None:
    for lead in Lead.objects.all():
        acknowledge(lead=lead, by=manager, at=database_now())
    try_once(summary)
    assert (summary.state, summary.why) == (MessageState.CANCELLED, Why.ANSWERED)


def test_a_summary_goes_out_while_one_of_them_waits(summary: Message, manager: User) -> None:
    acknowledge(lead=Lead.objects.earliest("received_at", "pk"), by=manager, at=database_now())
    assert try_once(summary).state == MessageState.SENT


def test_a_text_asks_which_and_a_push_message_opens_the_page(summary: Message) -> None:
    summary.channel = ChannelName.SMS
    words = render_message(summary).text
    first, second, *_ = words.splitlines()
    assert first.startswith("2 urgent leads wait for an answer, the longest since ")
    assert second.startswith("Say which you have: ")
    assert "answer 1" not in words
    summary.channel = ChannelName.PUSH
    shown = render_message(summary)
    assert (shown.link, shown.answer_to) == (summary.context["answer_link"], "")


def test_a_summary_has_the_ways_that_are_left(
    site: Site, coordinator: User, settings: Any, database_clock: DatabaseClock
) -> None:
    settings.VOICE_CHANNEL = "file"
    ShiftFactory(user=coordinator, site=site)  # at the desk nobody is rung, unless nothing else gets through
    phone = StaffChannelFactory(user=coordinator, channel=ChannelName.VOICE, address="+447700900123")
    database_clock.stop()
    at = database_now()
    for _ in range(2):
        begin(site, at)
    Message.objects.all().delete()
    run_step(escalation=Escalation.objects.earliest("pk").pk, at=database_clock.advance(seconds=1800))
    (message,) = Message.objects.filter(kind=MessageKind.ALERT_SUMMARY)
    assert message.ways == [{"channel": ChannelName.VOICE, "to": phone.address}]
