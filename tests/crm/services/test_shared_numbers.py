"""Two people may give the same number: removing it stops what goes to that person, and only that."""

from typing import Any

import pytest

from crm.enums import Level
from crm.models import Lead, Site, StaffChannel, User
from crm.selectors.ways import is_way_in_use
from crm.services.alerts import alert_staff
from crm.services.staff_ways import add_way, remove_way
from jobs.clock import database_now
from notifications.enums import ChannelName, MessageKind, MessageState, Why
from notifications.models import Message
from tests.factories import LeadFactory, MembershipFactory, ShiftFactory, StaffChannelFactory
from tests.notifications.smtp import FakeSmtp
from tests.notifications.work import try_once

pytestmark = pytest.mark.django_db
SMS, ALERT = ChannelName.SMS, MessageKind.URGENT_LEAD_ALERT
NUMBER = "+447700900123"


@pytest.fixture(autouse=True)
def _texts_go_out(settings: Any) -> None:
    settings.SMS_CHANNEL = settings.PUSH_CHANNEL = "file"


@pytest.fixture
def robin(site: Site) -> User:
    return on_shift_with_the_number(site, "Robin")


@pytest.fixture
def kim(site: Site) -> User:
    return on_shift_with_the_number(site, "Kim")


def on_shift_with_the_number(site: Site, name: str) -> User:
    user = MembershipFactory(site=site, user__full_name=name).user
    ShiftFactory(user=user, site=site)
    StaffChannelFactory(user=user, address=NUMBER)
    return user


def alerted(site: Site) -> Lead:
    lead = LeadFactory(site=site, level=Level.U1)
    alert_staff(lead=lead, key=str(lead.pk), at=database_now())
    return lead


def text_to(user: User) -> Message:
    return Message.objects.get(channel=SMS, person=user.pk)


def remove(user: User) -> None:
    remove_way(way=user.ways.get(), at=database_now())


def test_what_waits_for_whoever_removed_it_is_not_sent_there_and_what_waits_for_the_other_is(
    site: Site, robin: User, kim: User
) -> None:
    alerted(site)
    remove(robin)
    theirs, others = try_once(text_to(robin)), try_once(text_to(kim))
    assert theirs.state in {MessageState.CANCELLED, MessageState.REPLACED}
    assert (theirs.why, theirs.sent_at) == (Why.WAY_ENDED, None)
    assert others.state == MessageState.SENT


def test_a_way_that_stands_in_for_another_knows_whose_it_is(
    site: Site, robin: User, kim: User, settings: Any
) -> None:
    lead = LeadFactory(site=site, level=Level.U3)  # by e-mail first; a text stands in for it
    with FakeSmtp() as server:
        settings.EMAIL_CHANNEL, settings.EMAIL_HOST, settings.EMAIL_PORT = "smtp", "127.0.0.1", server.port
        server.then("rcpt 550", "rcpt 550")
        alert_staff(lead=lead, key="k", at=database_now())
        for message in list(Message.objects.filter(channel=ChannelName.EMAIL)):
            try_once(message)
    remove(robin)
    assert try_once(text_to(robin)).why == Why.WAY_ENDED
    assert try_once(text_to(kim)).state == MessageState.SENT


def test_new_alerts_go_there_for_the_other_only(site: Site, robin: User, kim: User) -> None:
    remove(robin)
    alerted(site)
    assert list(Message.objects.filter(channel=SMS).values_list("person", flat=True)) == [kim.pk]


def test_the_number_is_in_use_only_while_somebody_has_it_verified(site: Site, robin: User, kim: User) -> None:
    remove(robin)
    assert is_way_in_use(ALERT, SMS, NUMBER, kim.pk)
    assert is_way_in_use(ALERT, SMS, NUMBER), "what older releases queued does not say whose it is"
    assert not is_way_in_use(ALERT, SMS, NUMBER, robin.pk)
    StaffChannel.objects.update(verified_at=None)
    assert not is_way_in_use(ALERT, SMS, NUMBER)
    remove(kim)
    assert not is_way_in_use(ALERT, SMS, NUMBER, kim.pk)


def test_whoever_adds_it_again_has_to_verify_it_first(site: Site, robin: User, kim: User) -> None:
    remove(robin)
    add_way(user=robin, channel=SMS, address=NUMBER, name="", at=database_now())
    assert not is_way_in_use(ALERT, SMS, NUMBER, robin.pk)
    assert is_way_in_use(MessageKind.WAY_CODE, SMS, NUMBER, robin.pk)


def test_a_browser_that_is_somebody_elses_by_now_gets_nothing_of_whose_it_was(
    site: Site, robin: User, kim: User
) -> None:
    push, address = ChannelName.PUSH, '{"endpoint": "https://push.example/1"}'
    StaffChannelFactory(user=robin, channel=push, address=address)
    assert is_way_in_use(ALERT, push, address, robin.pk)
    add_way(user=kim, channel=push, address=address, name="", at=database_now())
    assert not is_way_in_use(ALERT, push, address, robin.pk)
