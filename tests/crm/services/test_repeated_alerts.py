"""A repeat does not read like the first alert: it says which one it is, and since when nobody has called."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crm.alert_words import ordinal
from crm.enums import ContactMethod, ContactOutcome, EventKind, Level
from crm.leases import lease_of
from crm.models import Lead, Site, User
from crm.services.acknowledging import acknowledge
from crm.services.alerts import alert_staff
from crm.services.contact import Try, log_attempt
from crm.services.escalating import run_step, start_escalation
from crm.services.unkept_answers import alert_unless_kept
from notifications.channels.push import shown_to_the_browser
from notifications.channels.shapes import slack_body, standard_body, teams_body
from notifications.channels.spoken import call_script
from notifications.enums import ChannelName, MessageKind
from notifications.models import Escalation, Message
from notifications.services.rendering import render_message
from tests.clock import DatabaseClock
from tests.factories import LeadFactory, ShiftFactory, StaffChannelFactory

START = datetime(2026, 3, 3, 14, 2, tzinfo=UTC)  # in London also 14:02
MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(database_clock: DatabaseClock, settings: Any) -> DatabaseClock:
    settings.SMS_CHANNEL = settings.VOICE_CHANNEL = settings.PUSH_CHANNEL = "file"
    database_clock.stop()
    database_clock.move_to(START)
    return database_clock


@pytest.fixture
def on_call(site: Site, coordinator: User, clock: DatabaseClock) -> User:
    """Whoever is told by everything, at each step: on call first, and on the list."""
    ShiftFactory(
        user=coordinator, site=site, on_call=1, starts_at=START - MINUTE, ends_at=START + 3000 * MINUTE
    )
    for channel in (ChannelName.SMS, ChannelName.VOICE, ChannelName.PUSH):
        StaffChannelFactory(user=coordinator, channel=channel, added_at=START)
    return coordinator


@pytest.fixture
def lead(site: Site, on_call: User) -> Lead:
    lead = LeadFactory(site=site, level=Level.E2, received_at=START)
    alert_staff(lead=lead, key=str(lead.pk), at=START)
    return lead


def step(lead: Lead, clock: DatabaseClock, at: datetime) -> None:
    clock.move_to(at)
    run_step(escalation=Escalation.objects.get(about=lead.pk, ended_at=None).pk, at=at)


def subjects(channel: ChannelName = ChannelName.EMAIL) -> list[str]:
    sent = Message.objects.filter(channel=channel).order_by("created_at", "id")
    return list(dict.fromkeys(render_message(message).subject for message in sent))


def latest(channel: ChannelName) -> Message:
    return Message.objects.filter(channel=channel).latest("created_at")


def test_the_second_and_third_say_so_and_since_when(lead: Lead, clock: DatabaseClock) -> None:
    for minutes in (2, 5, 10):
        step(lead, clock, START + minutes * MINUTE)
    rest = f"{lead.reference}: Emergency, call within 15 minutes"
    assert subjects() == [
        f"Urgent lead {rest}",
        f"2nd alert, waiting since 14:02. {rest}",
        f"3rd alert, waiting since 14:02. {rest}",
        f"4th alert, waiting since 14:02. {rest}",
    ]


def test_every_channel_begins_with_it(lead: Lead, clock: DatabaseClock) -> None:
    first = call_script(render_message(latest(ChannelName.VOICE)))
    assert "waiting since" not in first
    step(lead, clock, START + 5 * MINUTE)
    words = "2nd alert, waiting since 14:02"
    pushed = render_message(latest(ChannelName.PUSH))
    assert shown_to_the_browser(pushed)["title"].startswith(f"{words}. {lead.reference}")
    assert standard_body(pushed)["data"]["subject"].startswith(words)
    assert slack_body(pushed)["text"].startswith(f"*{words}")
    assert teams_body(pushed)["attachments"][0]["content"]["body"][0]["text"].startswith(words)
    assert render_message(latest(ChannelName.SMS)).text.startswith(words)
    call = call_script(render_message(latest(ChannelName.VOICE)))
    said = re.findall(r"<Say[^>]*>([^<]+)", call)[0]
    assert said.startswith(f"This is an alert for the person on call. {words}. Emergency, call within")


@pytest.mark.parametrize("level", [Level.E1, Level.E2, Level.U1, Level.U2])
@pytest.mark.parametrize("kind", [MessageKind.URGENT_LEAD_ALERT, MessageKind.CALLER_IS_WORSE])
def test_a_text_of_a_repeat_has_room_in_one_part(
    site: Site, on_call: User, clock: DatabaseClock, settings: Any, level: Level, kind: MessageKind
) -> None:
    settings.BASE_URL, settings.TEXT_ANSWERS = "https://help.example.org", True
    lead = LeadFactory(site=site, level=level, received_at=START)
    start_escalation(lead=lead, kind=kind, key="k", at=START)
    for minutes in (90, 120, 150):
        step(lead, clock, START + minutes * MINUTE)
    text = render_message(latest(ChannelName.SMS)).text.strip()
    assert re.match(r"(2nd|3rd|4th) alert, waiting since 14:02\. ", text)
    assert text.endswith("Or text 1.")
    assert len(text.encode("ascii")) <= 160


def test_an_alert_that_begins_again_counts_on_and_waits_since_the_first(
    lead: Lead, on_call: User, clock: DatabaseClock
) -> None:
    acknowledge(lead=lead, by=on_call, at=clock.advance(seconds=30))
    at = clock.advance(by=lease_of(lead.level))
    alert_unless_kept(escalation=Escalation.objects.get().pk, at=at)
    assert subjects()[-1].startswith("2nd alert, waiting since 14:02. ")


def test_news_of_it_are_a_second_alert_and_still_news(lead: Lead, clock: DatabaseClock) -> None:
    start_escalation(lead=lead, kind=MessageKind.CALLER_IS_WORSE, key="w", at=clock.advance(seconds=60))
    worse = f"It has got worse, says a caller: {lead.reference}"
    assert subjects()[-1] == f"2nd alert, waiting since 14:02. {worse}"


def test_whoever_tried_to_call_has_kept_them_from_waiting(
    lead: Lead, on_call: User, clock: DatabaseClock
) -> None:
    attempt = Try(lead.caller, ContactMethod.CALL, ContactOutcome.NO_ANSWER, two_way=False)
    log_attempt(lead=lead, by=on_call, attempt=attempt, at=clock.advance(seconds=60))
    start_escalation(lead=lead, kind=MessageKind.CALLER_IS_WORSE, key="w", at=clock.advance(seconds=60))
    assert subjects()[-1] == f"It has got worse, says a caller: {lead.reference}"


def test_a_step_that_reached_nobody_is_not_counted(site: Site, clock: DatabaseClock) -> None:
    lead = LeadFactory(site=site, level=Level.U1, received_at=START)
    alert_staff(lead=lead, key="k", at=START)
    assert lead.events.get(kind=EventKind.ALERT_STEP).data["people"] == 0
    User.objects.create_user(email="late@threshold.example")
    late = User.objects.get(email="late@threshold.example")
    site.memberships.create(user=late, role="MANAGER", gets_alerts=True)
    step(lead, clock, START + 2 * MINUTE)
    assert subjects()[-1].startswith("Urgent lead ")


def test_the_day_is_said_of_what_waits_since_another_and_the_clock_is_the_sites(
    lead: Lead, site: Site, clock: DatabaseClock
) -> None:
    Site.objects.filter(pk=site.pk).update(time_zone="Pacific/Auckland")  # 13 hours ahead: 03:02 on the 4th
    step(lead, clock, START + 5 * MINUTE)
    assert subjects()[-1].startswith("2nd alert, waiting since 03:02. ")
    step(lead, clock, START + 1500 * MINUTE)
    assert subjects()[-1].startswith("3rd alert, waiting since 03:02 on 4 March. ")


def test_a_summary_says_since_when_the_longest_waits(
    lead: Lead, site: Site, on_call: User, clock: DatabaseClock
) -> None:
    other = LeadFactory(site=site, level=Level.E1, received_at=START + MINUTE)
    alert_staff(lead=other, key="other", at=START + MINUTE)
    at = clock.move_to(START + 30 * MINUTE)
    run_step(escalation=Escalation.objects.earliest("started_at").pk, at=at)
    assert subjects()[-1] == "2 urgent leads wait for an answer, the longest since 14:02"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (21, "21st"),
        (113, "113th"),
    ],
)
def test_numbers_as_they_are_said(number: int, words: str) -> None:
    assert ordinal(number) == words
