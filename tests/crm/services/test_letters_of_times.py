"""Letters that name a time: a promise, an agreed call, and a time that has changed."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from crm.enums import CallBackKind, ContactMethod
from crm.models import Lead, OpeningTime, Person, Site, User
from crm.refusals import ContactNotSafe, NoCallBack, SentAlready
from crm.safe_times import slots_of
from crm.services.call_backs import WishedCall, cancel_call_back, set_call_back
from crm.services.letters import Written, letters_for, write_letter
from jobs.clock import database_now
from notifications.enums import ChannelName, MessageKind, MessageState, WhyMoved
from notifications.models import Message
from notifications.services.delivery import _outgoing
from notifications.services.rendering import render_message
from notifications.services.tries import start_try
from notifications.times import moment_in_words
from tests.clock import DatabaseClock
from tests.factories import LeadFactory, PersonFactory
from tests.intake.views.pages import main
from tests.notifications.work import try_once

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def agree(lead: Lead, by: User, *, hours: int) -> None:
    at = database_now()
    wish = WishedCall(lead.caller, at + hours * HOUR)
    set_call_back(lead=lead, by=by, wish=wish, at=at)


def kinds(lead: Lead) -> list[MessageKind]:
    return [letter.kind for letter in letters_for(lead, database_now())]


def write(lead: Lead, by: User, kind: MessageKind, **more: Any) -> Message:
    write_letter(lead=lead, by=by, written=Written(kind, lead.caller, **more), at=database_now())
    return Message.objects.order_by("-created_at").first() or Message()


def test_a_promise_is_written_before_the_first_call(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site)
    assert MessageKind.CALLER_PROMISE in kinds(lead)
    said = render_message(write(lead, coordinator, MessageKind.CALLER_PROMISE)).text
    assert moment_in_words(lead.respond_by, time_zone=site.time_zone) in said
    assert "A person will be in touch by" in said


def test_a_promise_that_may_be_missed_says_so(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site)
    site.is_always_staffed = False
    site.save()
    due = lead.respond_by
    OpeningTime.objects.create(site=site, weekday=(due.weekday() + 3) % 7, opens="09:00", closes="17:00")
    said = render_message(write(lead, coordinator, MessageKind.CALLER_PROMISE)).text
    assert "We want to be in touch by" in said
    assert "Nobody is at the desk until 09:00" in said


@pytest.mark.parametrize(
    "lead",
    [{"first_contact_at": database_now}, {"respond_by": lambda: database_now() - HOUR}],
)
def test_a_promise_that_is_over_is_not_written(site: Site, coordinator: User, lead: dict[str, Any]) -> None:
    found = LeadFactory(site=site)
    Lead.objects.filter(pk=found.pk).update(**{name: value() for name, value in lead.items()})
    found.refresh_from_db()
    assert MessageKind.CALLER_PROMISE not in kinds(found)
    with pytest.raises(NoCallBack):
        write(found, coordinator, MessageKind.CALLER_PROMISE)


def test_an_agreed_call_takes_the_place_of_the_promise(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site)
    agree(lead, coordinator, hours=3)
    assert MessageKind.CALLER_CALL_BACK in kinds(lead)
    assert not {MessageKind.CALLER_PROMISE, MessageKind.CALLER_NEW_TIME} & set(kinds(lead))


@pytest.mark.parametrize(
    ("why", "said"),
    [
        (WhyMoved.BUSY, "because others are still waiting"),
        (WhyMoved.AWAY, "The person who was to call you is away."),
        (WhyMoved.ASKED, "You asked for another time."),
    ],
)
def test_another_time_says_the_new_one_and_why(
    site: Site, coordinator: User, database_clock: DatabaseClock, why: WhyMoved, said: str
) -> None:
    lead = LeadFactory(site=site)
    agree(lead, coordinator, hours=3)
    database_clock.advance(seconds=60)
    agree(lead, coordinator, hours=30)
    assert MessageKind.CALLER_NEW_TIME in kinds(lead)
    assert MessageKind.CALLER_CALL_BACK not in kinds(lead)
    text = render_message(write(lead, coordinator, MessageKind.CALLER_NEW_TIME, why=why)).text
    due = lead.call_backs.get(settled_at=None).due_at
    assert said in text
    assert moment_in_words(due, time_zone=site.time_zone) in text
    for other in WhyMoved:
        assert other == why or other.label not in text


def test_a_clock_that_stood_changes_the_promise(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site)
    Lead.objects.filter(pk=lead.pk).update(clock_stopped_for=5 * HOUR)
    lead.refresh_from_db()
    assert MessageKind.CALLER_NEW_TIME in kinds(lead)
    assert MessageKind.CALLER_PROMISE not in kinds(lead)
    said = render_message(write(lead, coordinator, MessageKind.CALLER_NEW_TIME)).text
    assert moment_in_words(lead.clock_ends_at, time_zone=site.time_zone) in said


def test_a_time_that_is_moved_or_dropped_is_not_announced_any_more(
    site: Site, coordinator: User, database_clock: DatabaseClock
) -> None:
    lead = LeadFactory(site=site)
    agree(lead, coordinator, hours=3)
    first = write(lead, coordinator, MessageKind.CALLER_CALL_BACK)
    database_clock.advance(seconds=1000)
    agree(lead, coordinator, hours=30)
    second = write(lead, coordinator, MessageKind.CALLER_NEW_TIME)
    cancel_call_back(lead=lead, by=coordinator, reason="They called us instead", at=database_now())
    for message in (first, second):
        message.refresh_from_db()
        assert (message.state, message.why) == (MessageState.CANCELLED, "Moved")


def test_a_time_is_of_no_use_once_it_is_over(
    site: Site, coordinator: User, database_clock: DatabaseClock
) -> None:
    lead = LeadFactory(site=site)
    agree(lead, coordinator, hours=3)
    message = write(lead, coordinator, MessageKind.CALLER_CALL_BACK)
    database_clock.advance(by=3 * HOUR + timedelta(seconds=1))
    assert try_once(message).why == "Expired"


def test_a_call_of_the_plan_is_announced_to_nobody(site: Site, coordinator: User) -> None:
    lead, at = LeadFactory(site=site), database_now()
    wish = WishedCall(lead.caller, at + 3 * HOUR, kind=CallBackKind.PLANNED)
    set_call_back(lead=lead, by=coordinator, wish=wish, at=at)
    assert not {MessageKind.CALLER_CALL_BACK, MessageKind.CALLER_NEW_TIME} & set(kinds(lead))


# By text


@pytest.fixture
def texts(settings: Any, tmp_path: Any) -> None:
    settings.SMS_CHANNEL, settings.EMAIL_OUTBOX_DIR = "file", tmp_path


def test_a_text_goes_to_the_number_and_is_logged(site: Site, coordinator: User, texts: None) -> None:
    lead = LeadFactory(site=site, caller=PersonFactory(may_text=True))
    message = write(lead, coordinator, MessageKind.CALLER_TRIED, way=ContactMethod.TEXT)
    assert (message.channel, message.to) == (ChannelName.SMS, lead.caller.phone_e164)
    assert lead.attempts.get().method == ContactMethod.TEXT
    assert try_once(message).state == MessageState.SENT


def test_an_e_mail_and_a_text_are_two_messages_and_each_goes_once(
    site: Site, coordinator: User, texts: None
) -> None:
    lead = LeadFactory(site=site, caller=PersonFactory(may_text=True))
    for way in (ContactMethod.TEXT, ContactMethod.EMAIL):
        write(lead, coordinator, MessageKind.CALLER_TRIED, way=way)
        with pytest.raises(SentAlready):
            write(lead, coordinator, MessageKind.CALLER_TRIED, way=way)
    assert Message.objects.count() == 2


def test_no_text_goes_to_whoever_did_not_call_texts_safe(site: Site, coordinator: User, texts: None) -> None:
    lead = LeadFactory(site=site, caller=PersonFactory(may_text=False))
    with pytest.raises(ContactNotSafe):
        write(lead, coordinator, MessageKind.CALLER_TRIED, way=ContactMethod.TEXT)
    assert not Message.objects.exists()


def test_a_text_is_of_no_use_to_its_provider_after_their_hours(
    site: Site, coordinator: User, texts: None, database_clock: DatabaseClock
) -> None:
    """A phone that is off gets it later: not after the hours that they called safe."""
    database_clock.stop()
    at = database_now()
    database_clock.move_to((at + timedelta(days=1)).replace(hour=18, minute=40, second=0, microsecond=0))
    times = {"safe_times": "from 18:00 to 19:30", "safe_slots": slots_of("from 18:00 to 19:30")}
    lead = LeadFactory(site=site, caller=PersonFactory(may_text=True, **times))
    Site.objects.filter(pk=site.pk).update(time_zone="UTC")
    message = write(lead, coordinator, MessageKind.CALLER_TRIED, way=ContactMethod.TEXT)
    delivery = start_try(message.pk, database_now())
    assert _outgoing(delivery).useful_for == 50 * 60  # type: ignore[arg-type]


def test_the_page_sends_a_text_where_texts_go_out(
    desk: Client, site: Site, coordinator: User, texts: None
) -> None:
    lead = LeadFactory(site=site, caller=PersonFactory(may_text=True))
    path = f"/desk/leads/{lead.reference}/write/"
    assert "Send this text" in main(desk.get(path))
    said = {"kind": "CALLER_TRIED", "way": "TEXT"}
    answer = desk.post(f"{path}send/", said, follow=True)
    assert "The text is on its way." in main(answer)
    assert Message.objects.get().channel == ChannelName.SMS


def test_the_page_says_by_hand_where_texts_do_not_go_out(desk: Client, site: Site, settings: Any) -> None:
    settings.SMS_CHANNEL = "off"
    lead = LeadFactory(site=site, caller=PersonFactory(may_text=True))
    page = main(desk.get(f"/desk/leads/{lead.reference}/write/"))
    assert "Send this text" not in page
    assert "from the clinic’s phone" in page


def test_the_page_says_in_which_language_it_writes(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site)
    polish = {"came_from": {"language": "Polish"}}
    lead.events.create(kind="ENQUIRY_RECEIVED", occurred_at=database_now() - 9 * HOUR, data=polish)
    page = main(desk.get(f"/desk/leads/{lead.reference}/write/"))
    assert "In Polish: they filled in the form in it." in page
    assert "próbowaliśmy się dodzwonić" in page


def test_the_page_says_when_it_will_go(desk: Client, site: Site, database_clock: DatabaseClock) -> None:
    lead = LeadFactory(site=site)
    now = database_clock.move_to(database_now().replace(hour=9, minute=5) + timedelta(days=1))
    hours = slots_of("after 18:00")
    Person.objects.filter(pk=lead.caller_id).update(safe_times="after 18:00", safe_slots=hours)
    answer = desk.post(f"/desk/leads/{lead.reference}/write/send/", {"kind": "CALLER_TRIED"}, follow=True)
    assert f"The e-mail waits for a safe time and goes out at 18:00 on {now:%A}" in main(answer)


def offered(client: Client, lead: Lead, by: User) -> str:
    client.force_login(by)
    return main(client.get(f"/desk/leads/{lead.reference}/"))


def test_a_time_that_was_agreed_can_be_told_from_where_it_stands(
    client: Client, site: Site, coordinator: User
) -> None:
    lead = LeadFactory(site=site)
    assert "Tell them" not in offered(client, lead, coordinator)
    agree(lead, coordinator, hours=3)
    page = client.get(f"/desk/leads/{lead.reference}/").content.decode()
    assert (
        f'href="/desk/leads/{lead.reference}/write/#letter-CALLER_CALL_BACK">Tell them this time</a>' in page
    )
    assert (
        'id="letter-CALLER_CALL_BACK"' in client.get(f"/desk/leads/{lead.reference}/write/").content.decode()
    )


def test_a_time_that_has_changed_can_be_told_until_somebody_has(
    client: Client, site: Site, coordinator: User
) -> None:
    lead = LeadFactory(site=site)
    agree(lead, coordinator, hours=3)
    write(lead, coordinator, MessageKind.CALLER_CALL_BACK)
    assert "They have been written to about this time" in offered(client, lead, coordinator)
    agree(lead, coordinator, hours=5)
    assert "Tell them the new time" in offered(client, lead, coordinator)
    write(lead, coordinator, MessageKind.CALLER_NEW_TIME)
    page = offered(client, lead, coordinator)
    assert "Tell them the new time" not in page
    assert "They have been written to about this time" in page


def test_nobody_is_told_of_a_planned_try_or_after_the_call(
    client: Client, site: Site, coordinator: User
) -> None:
    lead, at = LeadFactory(site=site), database_now()
    wish = WishedCall(lead.caller, at + HOUR, kind=CallBackKind.PLANNED)
    set_call_back(lead=lead, by=coordinator, wish=wish, at=at)
    assert "Tell them" not in offered(client, lead, coordinator)
    agree(lead, coordinator, hours=3)
    cancel_call_back(lead=lead, by=coordinator, reason="They rang us themselves.", at=database_now())
    assert "Tell them" not in offered(client, lead, coordinator)


def test_whoever_has_not_agreed_is_told_nothing(client: Client, site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site)
    agree(lead, coordinator, hours=3)
    Person.objects.filter(pk=lead.caller_id).update(no_contact=True)
    assert "Tell them" not in offered(client, lead, coordinator)


def test_a_promise_that_a_stopped_clock_has_moved_can_be_told(
    client: Client, site: Site, coordinator: User
) -> None:
    lead = LeadFactory(site=site)
    Lead.objects.filter(pk=lead.pk).update(clock_stopped_for=HOUR)
    assert "Tell them the new time" in offered(client, lead, coordinator)
