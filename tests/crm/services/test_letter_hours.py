"""Messages to callers go out in the hours that they called safe, or wait for them, or not at all."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crm.calling import CallPromise
from crm.enums import CallerRole, ContactMethod, ContactOutcome
from crm.letters import language_for
from crm.models import Lead, Person, Site, User
from crm.safe_times import slots_of
from crm.selectors.timeline import timeline_of
from crm.services.acknowledgement import acknowledge_enquiry
from crm.services.contact import Try, log_attempt
from crm.services.letters import letters_for, send_letter
from crm.services.text_stops import honour_stop
from jobs.clock import database_now
from notifications.enums import ChannelName, Language, MessageKind, MessageState, Why
from notifications.models import Message
from notifications.services.rendering import render_message
from tests.clock import DatabaseClock
from tests.factories import LeadFactory, PersonFactory
from tests.notifications.smtp import FakeSmtp
from tests.notifications.work import job_of, settle, try_once

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
MONDAY_NIGHT = datetime(2027, 3, 1, 23, 40, tzinfo=LONDON)
BEFORE_SUMMER = datetime(2027, 3, 27, 22, 0, tzinfo=LONDON)  # the clocks go forward in this night
BEFORE_WINTER = datetime(2027, 10, 30, 22, 0, tzinfo=LONDON)  # and back in this one


@pytest.fixture
def clock(database_clock: DatabaseClock) -> DatabaseClock:
    database_clock.stop()
    return database_clock


@pytest.fixture
def smtp(settings: Any) -> Any:
    with FakeSmtp() as server:
        settings.EMAIL_CHANNEL, settings.EMAIL_HOST, settings.EMAIL_PORT = "smtp", "127.0.0.1", server.port
        yield server


def only_at(times: str, **more: Any) -> Person:
    said = {"safe_times": times, "safe_slots": slots_of(times)}
    return PersonFactory(**said | more)


def acknowledged(lead: Lead, at: datetime, *, due: timedelta = timedelta(days=1), **visit: str) -> Message:
    promise = CallPromise(at + due)
    acknowledge_enquiry(lead=lead, key=lead.reference, promise=promise, came_from=visit, at=at)
    return Message.objects.get(about=lead.pk)


def london(at: datetime | None) -> str:
    return f"{at.astimezone(LONDON):%a %H:%M}" if at else ""


@pytest.mark.parametrize(
    ("now", "times", "goes_at"),
    [
        (MONDAY_NIGHT.replace(hour=23), "before 23:30", "Tue 00:00"),
        (MONDAY_NIGHT, "mornings", "Tue 08:00"),
        (MONDAY_NIGHT, "from 00:00 to 05:00", "Tue 00:00"),
        (MONDAY_NIGHT.replace(hour=17, minute=59), "after 18:00", "Mon 18:00"),
        (BEFORE_SUMMER, "from 09:00 to 17:00", "Sun 09:00"),
        (BEFORE_WINTER, "from 09:00 to 17:00", "Sun 09:00"),
        (BEFORE_SUMMER, "from 01:00 to 03:00", "Sun 02:00"),  # there is no 01:00 in that night
    ],
)
def test_it_waits_until_their_hours_begin(
    site: Site, clock: DatabaseClock, smtp: FakeSmtp, now: datetime, times: str, goes_at: str
) -> None:
    lead = LeadFactory(site=site, caller=only_at(times))
    waiting = try_once(acknowledged(lead, clock.move_to(now)))
    assert (waiting.state, waiting.why, waiting.tries) == (MessageState.QUEUED, Why.SAFE_HOURS, 0)
    assert london(waiting.held_until) == goes_at
    assert not smtp.received
    sent = settle(waiting, clock)
    assert (sent.state, london(sent.sent_at)) == (MessageState.SENT, goes_at)
    assert len(smtp.received) == 1


def test_within_their_hours_it_goes_at_once(site: Site, clock: DatabaseClock, smtp: FakeSmtp) -> None:
    lead = LeadFactory(site=site, caller=only_at("after 18:00"))
    sent = try_once(acknowledged(lead, clock.move_to(MONDAY_NIGHT)))
    assert (sent.state, london(sent.sent_at)) == (MessageState.SENT, "Mon 23:40")


def test_a_mail_server_that_recovers_after_their_hours_waits_for_the_next(
    site: Site, clock: DatabaseClock, smtp: FakeSmtp
) -> None:
    lead = LeadFactory(site=site, caller=only_at("from 23:00 to 23:30"))
    smtp.then("451", "accept")
    at = clock.move_to(MONDAY_NIGHT.replace(minute=29, second=59))
    held = try_once(acknowledged(lead, at, due=timedelta(days=2)))
    assert held.state == MessageState.QUEUED
    clock.move_to(max(clock.now(), job_of(held).due_at) + timedelta(seconds=5))
    held = try_once(held)
    assert (held.why, london(held.held_until)) == (Why.SAFE_HOURS, "Tue 23:00")
    assert settle(held, clock).state == MessageState.SENT


def test_it_is_cancelled_when_it_is_too_late_by_then(
    site: Site, clock: DatabaseClock, smtp: FakeSmtp
) -> None:
    lead = LeadFactory(site=site, caller=only_at("after 18:00"))
    at = clock.move_to(MONDAY_NIGHT.replace(hour=9))
    ended = try_once(acknowledged(lead, at, due=timedelta(minutes=15)))
    assert (ended.state, ended.why) == (MessageState.CANCELLED, Why.NO_SAFE_HOUR)
    assert not smtp.received


def test_times_that_only_a_person_can_read_are_for_a_person(
    site: Site, coordinator: User, clock: DatabaseClock, smtp: FakeSmtp
) -> None:
    lead = LeadFactory(site=site, caller=only_at("when he is at work"))
    ended = try_once(acknowledged(lead, clock.now()))
    assert (ended.state, ended.why) == (MessageState.CANCELLED, Why.HOURS_UNREAD)
    send_letter(lead=lead, by=coordinator, kind=MessageKind.CALLER_TRIED, at=clock.now())
    assert try_once(Message.objects.get(kind=MessageKind.CALLER_TRIED)).state == MessageState.SENT


def test_an_address_of_two_people_is_written_to_when_it_is_safe_for_both(
    site: Site, clock: DatabaseClock, smtp: FakeSmtp
) -> None:
    both = {"email": "home@example.org"}
    lead = LeadFactory(
        site=site, caller=only_at("after 18:00", **both), patient=only_at("from 20:00 to 22:00", **both)
    )
    waiting = try_once(acknowledged(lead, clock.move_to(MONDAY_NIGHT.replace(hour=18))))
    assert london(waiting.held_until) == "Mon 20:00"


def test_hours_that_never_meet_are_no_hours(site: Site, clock: DatabaseClock) -> None:
    both = {"email": "home@example.org"}
    lead = LeadFactory(site=site, caller=only_at("mornings", **both), patient=only_at("evenings", **both))
    assert try_once(acknowledged(lead, clock.now())).why == Why.NO_SAFE_HOUR


# Stopped, over, or spoken with while it waits


def waits(site: Site, clock: DatabaseClock) -> tuple[Lead, Message]:
    lead = LeadFactory(site=site, caller=only_at("after 18:00"))
    return lead, try_once(acknowledged(lead, clock.move_to(MONDAY_NIGHT.replace(hour=9))))


def test_stop_beats_all(site: Site, clock: DatabaseClock, smtp: FakeSmtp) -> None:
    lead, waiting = waits(site, clock)
    honour_stop(number=lead.caller.phone_e164, at=clock.now())
    waiting.refresh_from_db()
    assert (waiting.state, waiting.why) == (MessageState.CANCELLED, Why.NOT_SAFE)
    assert not smtp.received


def test_stop_is_seen_at_the_last_moment_too(site: Site, clock: DatabaseClock, smtp: FakeSmtp) -> None:
    lead, waiting = waits(site, clock)
    Person.objects.filter(pk=lead.caller_id).update(stopped_at=clock.now())
    ended = settle(waiting, clock)
    assert (ended.state, ended.why) == (MessageState.CANCELLED, Why.NOT_SAFE)
    assert not smtp.received


def test_nobody_reads_of_a_promise_after_we_have_spoken(
    site: Site, coordinator: User, clock: DatabaseClock
) -> None:
    lead, waiting = waits(site, clock)
    spoke = Try(lead.caller, ContactMethod.CALL, ContactOutcome.SPOKE, two_way=True, inbound=True)
    log_attempt(lead=lead, by=coordinator, attempt=spoke, at=clock.now())
    waiting.refresh_from_db()
    assert (waiting.state, waiting.why) == (MessageState.CANCELLED, Why.SPOKEN)


def test_the_leads_page_says_why_it_waits_and_until_when(site: Site, clock: DatabaseClock) -> None:
    lead, _ = waits(site, clock)
    [entry] = [entry for entry in timeline_of(lead) if "Acknowledgement" in entry.title]
    assert "Waits for a time that they called safe." in entry.details
    assert "It goes out at 18:00 on Monday 1 March." in entry.details


def test_the_leads_page_says_which_words_they_got(site: Site, clock: DatabaseClock, smtp: FakeSmtp) -> None:
    lead = LeadFactory(site=site)
    try_once(acknowledged(lead, clock.now()))
    [entry] = [entry for entry in timeline_of(lead) if "Acknowledgement" in entry.title]
    assert "Version 0 of its words." in entry.details


# Letters by hand


def test_a_letter_by_hand_waits_too_and_says_so_before(
    site: Site, coordinator: User, clock: DatabaseClock, smtp: FakeSmtp
) -> None:
    at = clock.move_to(MONDAY_NIGHT.replace(hour=9))
    lead = LeadFactory(site=site, caller=only_at("after 18:00"))
    letter = letters_for(lead, at)[0]
    assert (london(letter.waits_until), letter.no_email) == ("Mon 18:00", "")
    send_letter(lead=lead, by=coordinator, kind=MessageKind.CALLER_TRIED, at=at)
    sent = settle(Message.objects.get(), clock)
    assert (sent.state, london(sent.sent_at)) == (MessageState.SENT, "Mon 18:00")


# Whose words, in which language, by which way


@pytest.mark.parametrize(
    ("role", "visit", "said"),
    [
        (CallerRole.SELF, {}, "A person will be in touch by 10:00 on Tuesday 2 March."),
        (CallerRole.LOVED_ONE, {}, "We tell nobody else"),
        (CallerRole.PROFESSIONAL, {}, "We come back to you, and to nobody else"),
        (CallerRole.SELF, {"language": "Polish"}, "10:00, Wtorek, 2 marca"),
        (CallerRole.SELF, {"language": "Welsh"}, "Diolch am gysylltu"),
        (CallerRole.SELF, {"language": "Arabic"}, "Thank you for getting in touch"),
    ],
)
def test_an_acknowledgement_is_in_their_voice_and_language(
    site: Site, role: CallerRole, visit: dict[str, str], said: str
) -> None:
    lead = LeadFactory(site=site, caller_role=role)
    message = acknowledged(lead, datetime(2027, 3, 1, 10, tzinfo=LONDON), **visit)
    assert said in render_message(message).text


def test_the_languages_are_known_by_the_names_that_forms_give_them() -> None:
    assert language_for({"language": "Romanian"}) == Language.ROMANIAN
    assert language_for({}) == Language.ENGLISH


def test_a_text_goes_where_only_texts_are_safe(site: Site, settings: Any) -> None:
    settings.SMS_CHANNEL = "file"
    caller = PersonFactory(may_email=False, may_text=True)
    message = acknowledged(LeadFactory(site=site, caller=caller), database_now())
    assert (message.channel, message.to) == (ChannelName.SMS, caller.phone_e164)
    rendered = render_message(message)
    assert (rendered.subject, rendered.html) == ("", "")
    assert try_once(message).state == MessageState.SENT


@pytest.mark.parametrize(
    ("caller", "transport"),
    [
        ({"may_text": False}, "file"),
        ({"may_text": True}, "off"),
        ({"may_text": True, "phone": "odd", "phone_e164": ""}, "file"),
        ({"may_text": True, "stopped_at": database_now}, "file"),
    ],
)
def test_no_text_goes_otherwise(site: Site, settings: Any, caller: dict[str, Any], transport: str) -> None:
    settings.SMS_CHANNEL = transport
    said = {name: value() if callable(value) else value for name, value in caller.items()}
    lead = LeadFactory(site=site, caller=PersonFactory(may_email=False, **said))
    promise = CallPromise(database_now())
    acknowledge_enquiry(lead=lead, key="x", promise=promise, came_from={}, at=database_now())
    assert not Message.objects.exists()


def test_a_number_of_somebody_who_called_only_e_mail_safe_gets_no_text(
    site: Site, coordinator: User, settings: Any
) -> None:
    settings.SMS_CHANNEL = "file"
    lead = LeadFactory(site=site, caller=PersonFactory(may_email=True, may_text=True))
    message = acknowledged(lead, database_now())
    Message.objects.filter(pk=message.pk).update(channel=ChannelName.SMS, to=lead.caller.phone_e164)
    Person.objects.filter(pk=lead.caller_id).update(may_text=False)
    assert try_once(message).why == Why.NOT_SAFE
