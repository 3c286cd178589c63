"""Answering an alert by text: whose word counts, for which alert, and what is said back."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client

from crm.ack_tokens import GOOD_FOR
from crm.alert_words import answer_to
from crm.enums import Disposition, EventKind, Level, LossOfWay, TextKeyword
from crm.leases import answer_end
from crm.models import Lead, PhoneLine, PhoneText, Site, StaffChannel, User
from crm.selectors.phone import open_texts
from crm.services.acknowledging import acknowledge
from crm.services.alerts import alert_staff
from crm.services.stages import Closing, close_lead
from crm.services.text_answers import take_answer
from crm.telephony.news import TextNews, keyword_of
from jobs.clock import database_now
from notifications.enums import ChannelName, DeliveryOutcome, MessageKind
from notifications.models import Delivery, Escalation, Message
from notifications.services.outbox import recipient_token
from notifications.services.rendering import render_message
from tests.factories import LeadFactory, MembershipFactory, PersonFactory, ShiftFactory, StaffChannelFactory
from tests.factories.phone import NUMBER, PhoneLineFactory, configure, from_twilio, run_phone_jobs, text
from vault.tokens import phone_tokens

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _channels(settings: LazySettings) -> None:
    settings.SMS_CHANNEL, settings.TEXT_ANSWERS = "file", True
    configure(settings)


@pytest.fixture
def line(site: Site) -> PhoneLine:
    return PhoneLineFactory(site=site)


@pytest.fixture
def phone(coordinator: User, site: Site) -> StaffChannel:
    """The number of the coordinator, who is first on call."""
    ShiftFactory(user=coordinator, site=site, on_call=1)
    return StaffChannelFactory(user=coordinator, address=NUMBER)


def begin(site: Site, *, minutes: float = 0, sent: bool = True) -> Lead:
    """Alert about a new lead so many minutes ago, and have the texts go out."""
    at = database_now() - minutes * MINUTE
    lead = LeadFactory(
        site=site, level=Level.E2, received_at=at, caller=PersonFactory(name="Zebedee Quagmire")
    )
    alert_staff(lead=lead, key=str(lead.pk), at=at)
    texts = Message.objects.filter(about=lead.pk, channel=ChannelName.SMS)
    assert texts.exists()
    if sent:
        texts.update(state="SENT", tries=1, sent_at=at)
        for each in texts:
            Delivery.objects.create(message=each, started_at=at, outcome=DeliveryOutcome.ACCEPTED)
    return lead


def chain(lead: Lead) -> Escalation:
    return Escalation.objects.get(about=lead.pk)


def say(words: str, *, number: str = NUMBER, at: datetime | None = None) -> bool:
    news = TextNews(f"SM-{words}-{number}-{at}", number, words, keyword_of(words))
    return take_answer(news=news, at=at or database_now())


def said_back() -> list[str]:
    replies = Message.objects.filter(kind=MessageKind.TEXT_ANSWER).order_by("created_at", "id")
    assert all((reply.channel, reply.to) == (ChannelName.SMS, NUMBER) for reply in replies)
    return [render_message(reply).text.strip() for reply in replies]


def copy_for(mine: Message, user: User, number: str) -> None:
    """Text the same alert to a colleague, as another step does."""
    answers: dict[str, Any] = answer_to(mine.escalation, user, mine.created_at)  # type: ignore[arg-type]
    copy = Message.objects.create(
        kind=mine.kind,
        channel=mine.channel,
        to=number,
        recipient=recipient_token(number),
        context=mine.context | answers,
        about=mine.about,
        escalation=mine.escalation,
        dedupe_key=number,
        state=mine.state,
        tries=1,
        created_at=mine.created_at,
        sent_at=mine.sent_at,
    )
    Delivery.objects.create(message=copy, started_at=mine.created_at, outcome=DeliveryOutcome.ACCEPTED)


def test_none_counts_unless_switched_on(phone: StaffChannel, site: Site, settings: LazySettings) -> None:
    settings.TEXT_ANSWERS = False
    lead = begin(site)
    assert (say("1"), chain(lead).acknowledged_at) == (False, None)


def test_one_says_that_one_has_it(phone: StaffChannel, site: Site, coordinator: User) -> None:
    lead = begin(site)
    assert say("1")
    assert (chain(lead).acknowledged_by, chain(lead).how) == (coordinator.pk, "TEXT")
    event = lead.events.get(kind=EventKind.ACKNOWLEDGED)
    assert (event.by, event.data["how"]) == (coordinator, "TEXT")
    lead.refresh_from_db()
    assert (lead.owner, lead.first_contact_at) == (None, None)
    until = answer_end(lead, event.occurred_at).astimezone(ZoneInfo(lead.site.time_zone))
    assert said_back() == [
        f"You said you have {lead.reference}. Nobody else is alerted about it now. Take the lead, then call: "
        f"if nobody has done either by {until:%H:%M}, others are alerted again."
    ]


def test_the_whole_way_from_twilio(
    phone: StaffChannel, site: Site, line: PhoneLine, client: Client, desk: Client
) -> None:
    lead = begin(site)
    said = text("Yes", OptOutType="START")  # Twilio calls every YES that
    assert from_twilio(client, line, said).status_code == 200
    assert chain(lead).acknowledged_at is None
    run_phone_jobs()
    assert chain(lead).how == "TEXT"
    assert not PhoneText.objects.exists()
    assert from_twilio(client, line, said).status_code == 409
    run_phone_jobs()
    assert len(said_back()) == 1
    assert "By answering a text, after" in desk.get(f"/desk/leads/{lead.reference}/").content.decode()


def test_the_slower_of_two_is_told_who_has_it(phone: StaffChannel, site: Site, manager: User) -> None:
    lead = begin(site)
    acknowledge(lead=lead, by=manager, at=database_now())
    assert say("1")
    (back,) = said_back()
    assert back.startswith(f"{lead.reference}: Morgan Manager is seeing to it since ")
    assert Message.objects.get(kind=MessageKind.TEXT_ANSWER).about == lead.pk
    assert chain(lead).acknowledged_by == manager.pk
    assert lead.events.filter(kind=EventKind.ACKNOWLEDGED).count() == 1


def test_whoever_says_it_twice_has_it_once(phone: StaffChannel, site: Site) -> None:
    lead = begin(site)
    say("1", at=database_now())
    say("yes", at=database_now())
    assert lead.events.filter(kind=EventKind.ACKNOWLEDGED).count() == 1
    assert [back.startswith(f"You said you have {lead.reference}.") for back in said_back()] == [True, True]


@pytest.mark.django_db(transaction=True)
def test_of_many_at_the_same_moment_exactly_one_is_first(phone: StaffChannel, site: Site) -> None:
    users = [MembershipFactory(site=site).user for _ in range(4)]
    numbers = [f"+4477009010{number:02}" for number in range(4)]
    for user, number in zip(users, numbers, strict=True):
        StaffChannelFactory(user=user, address=number)
    lead = begin(site)
    mine = Message.objects.get(about=lead.pk, channel=ChannelName.SMS)
    for user, number in zip(users, numbers, strict=True):
        copy_for(mine, user, number)

    def answer(number: str) -> bool:
        try:
            return say("1", number=number)
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        assert all(pool.map(answer, [NUMBER, *numbers]))
    assert lead.events.filter(kind=EventKind.ACKNOWLEDGED).count() == 1
    outcomes = [each.context["outcome"] for each in Message.objects.filter(kind=MessageKind.TEXT_ANSWER)]
    assert sorted(outcomes) == ["seeing"] * 4 + ["yours"]


def test_without_a_reference_it_is_the_one_told_last_and_the_others_are_named(
    phone: StaffChannel, site: Site
) -> None:
    older, newer = begin(site, minutes=2), begin(site, minutes=1)
    say("1")
    assert chain(newer).acknowledged_at
    assert chain(older).acknowledged_at is None
    (back,) = said_back()
    assert f"You said you have {newer.reference}." in back
    assert f"Still open: {older.reference}. Answer 1 and the reference" in back


@pytest.mark.parametrize("write", [lambda ref: f"1 {ref}", lambda ref: ref[:4].lower()])
def test_with_a_reference_it_is_that_one(
    phone: StaffChannel, site: Site, write: Callable[[str], str]
) -> None:
    older, newer = begin(site, minutes=2), begin(site, minutes=1)
    say(write(older.reference))
    assert chain(older).acknowledged_at
    assert chain(newer).acknowledged_at is None


def test_a_reference_that_was_not_told_to_this_person_answers_nothing(
    phone: StaffChannel, site: Site
) -> None:
    lead = begin(site)
    foreign = LeadFactory(site=site, level=Level.E2)
    assert say(f"1 {foreign.reference}")
    assert chain(lead).acknowledged_at is None
    assert "Nothing was noted." in said_back()[0]


def test_a_beginning_that_may_mean_several_answers_none(phone: StaffChannel, site: Site) -> None:
    for reference in ("7KX3-9QF2", "7KX3-2222"):
        Lead.objects.filter(pk=begin(site).pk).update(reference=reference)
    assert say("1 7KX3")
    assert not Escalation.objects.filter(acknowledged_at__isnull=False).exists()
    assert "several like it" in said_back()[0]


def test_a_yes_that_was_late_does_not_answer_what_was_told_after_it(phone: StaffChannel, site: Site) -> None:
    """A text may lie with its network, or with us, while the next alert goes out."""
    earlier, said_at = begin(site, minutes=9), database_now() - 5 * MINUTE
    later = begin(site, minutes=1)
    say("1", at=said_at)
    assert chain(earlier).acknowledged_at == said_at
    assert chain(later).acknowledged_at is None


def test_an_alert_that_never_went_out_by_text_is_not_answered_by_text(
    phone: StaffChannel, site: Site
) -> None:
    lead = begin(site, sent=False)
    assert not say("1")
    assert (chain(lead).acknowledged_at, said_back()) == (None, [])


def test_a_text_of_which_nobody_knows_may_be_answered_and_one_that_was_refused_may_not(
    phone: StaffChannel, site: Site
) -> None:
    refused, unclear = begin(site, minutes=1), begin(site, minutes=2)
    Delivery.objects.filter(message__about=refused.pk).update(outcome=DeliveryOutcome.TRANSIENT_ERROR)
    Delivery.objects.filter(message__about=unclear.pk).update(outcome=DeliveryOutcome.AMBIGUOUS)
    Message.objects.filter(channel=ChannelName.SMS).update(state="QUEUED", sent_at=None)
    assert say("1")
    assert chain(unclear).acknowledged_at
    assert chain(refused).acknowledged_at is None


def test_a_text_that_lay_with_its_provider_is_not_answered_by_what_was_said_before(
    phone: StaffChannel, site: Site
) -> None:
    earlier, late = begin(site, minutes=9), begin(site, minutes=8)
    Delivery.objects.filter(message__about=late.pk).update(started_at=database_now() - MINUTE)
    say("1", at=database_now() - 5 * MINUTE)
    assert chain(earlier).acknowledged_at
    assert chain(late).acknowledged_at is None


def test_what_is_over_says_so(phone: StaffChannel, site: Site, manager: User) -> None:
    lead = begin(site)
    close_lead(lead=lead, by=manager, closing=Closing(Disposition.NOT_NOW), at=database_now())
    say("1")
    assert said_back() == [f"{lead.reference} needs no answer any more."]


def unverified(way: StaffChannel) -> None:
    StaffChannel.objects.filter(pk=way.pk).update(verified_at=None)


def lost(way: StaffChannel) -> None:
    StaffChannel.objects.filter(pk=way.pk).update(lost_at=database_now(), lost_why=LossOfWay.STOPPED)


def a_call(way: StaffChannel) -> None:
    StaffChannel.objects.filter(pk=way.pk).update(channel=ChannelName.VOICE)


def left(way: StaffChannel) -> None:
    way.user.memberships.all().delete()


def inactive(way: StaffChannel) -> None:
    User.objects.filter(pk=way.user_id).update(is_active=False)


def long_ago(way: StaffChannel) -> None:
    Message.objects.update(context={})


@pytest.mark.parametrize("change", [unverified, lost, a_call, left, inactive, long_ago])
def test_nobody_elses_word_counts(
    phone: StaffChannel, site: Site, change: Callable[[StaffChannel], None]
) -> None:
    lead = begin(site)
    change(phone)
    assert not say("1")
    assert (chain(lead).acknowledged_at, said_back()) == (None, [])


def test_a_day_later_it_is_too_late(phone: StaffChannel, site: Site) -> None:
    lead = begin(site)
    assert not say("1", at=database_now() + GOOD_FOR + MINUTE)
    assert chain(lead).acknowledged_at is None


def test_a_text_of_a_caller_stays_what_it_was(
    phone: StaffChannel, site: Site, line: PhoneLine, client: Client
) -> None:
    lead = begin(site)
    for words in ("1", "Yes", "Can I come tomorrow?", lead.reference):
        from_twilio(client, line, text(words, From="+447700900999"))
    from_twilio(client, line, text("1", From="+266696687"))  # withheld
    run_phone_jobs()
    assert open_texts([site.pk]).count() == 5
    assert (chain(lead).acknowledged_at, said_back()) == (None, [])


def test_words_of_a_colleague_that_are_no_answer_are_read_by_a_person_and_said_to_be_none(
    phone: StaffChannel, site: Site, line: PhoneLine, client: Client
) -> None:
    lead = begin(site)
    from_twilio(client, line, text("I am in the car, who can?"))
    run_phone_jobs()
    assert chain(lead).acknowledged_at is None
    assert open_texts([site.pk]).count() == 1
    (back,) = said_back()
    assert back.startswith("That was not understood, and nothing was noted. Answer 1 (or YES)")
    assert lead.reference in back


def test_a_phone_that_answers_by_itself_is_answered_once_for_each_alert(
    phone: StaffChannel, site: Site
) -> None:
    begin(site, minutes=2)
    for number in range(5):
        assert not say("I am driving and answer later.", at=database_now() + number * timedelta(seconds=1))
    assert len(said_back()) == 1
    begin(site, minutes=1)
    say("I am driving and answer later.", at=database_now() + MINUTE)
    assert len(said_back()) == 2


def test_a_colleague_to_whom_no_alert_was_texted_may_write_like_anybody(
    phone: StaffChannel, site: Site, line: PhoneLine, client: Client
) -> None:
    for words in ("1", "Yes", "Hello"):
        from_twilio(client, line, text(words))
    run_phone_jobs()
    assert open_texts([site.pk]).count() == 3
    assert said_back() == []


def test_stop_beats_all(phone: StaffChannel, site: Site, line: PhoneLine, client: Client) -> None:
    lead = begin(site)
    caller = PersonFactory(phone=NUMBER, phone_e164=NUMBER, search_tokens=phone_tokens(NUMBER))
    LeadFactory(site=site, caller=caller)
    from_twilio(client, line, text("STOP"))
    from_twilio(client, line, text("1", OptOutType="STOP"))
    run_phone_jobs()
    caller.refresh_from_db()
    phone.refresh_from_db()
    assert caller.stopped_at
    assert phone.lost_at
    assert (chain(lead).acknowledged_at, said_back()) == (None, [])


def test_a_yes_that_the_provider_calls_a_stop_is_a_stop(phone: StaffChannel, site: Site) -> None:
    lead = begin(site)
    news = TextNews("SM1", NUMBER, "1", TextKeyword.STOP)
    assert not take_answer(news=news, at=database_now())
    assert chain(lead).acknowledged_at is None


def test_whoever_has_the_number_now_does_not_answer_as_its_owner_of_before(
    phone: StaffChannel, site: Site
) -> None:
    lead = begin(site)
    phone.delete()
    StaffChannelFactory(user=MembershipFactory(site=site).user, address=NUMBER)
    assert not say("1")
    assert chain(lead).acknowledged_at is None


def test_two_who_share_a_phone_answer_as_whoever_was_told(
    phone: StaffChannel, site: Site, coordinator: User
) -> None:
    StaffChannelFactory(user=MembershipFactory(site=site).user, address=NUMBER)
    lead = begin(site)
    say("1")
    assert chain(lead).acknowledged_by == coordinator.pk
