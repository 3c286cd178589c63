"""By what staff can be told: what they have shown to reach them, in one query for all, and always e-mail."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from structlog.testing import capture_logs

from crm.enums import LossOfWay
from crm.models import Site, StaffChannel, User
from crm.selectors.ways import addresses, usable, ways_to
from crm.services.alerts import alert_staff
from crm.services.staff_ways import add_way
from crm.services.way_checks import ways_to_test
from jobs.clock import database_now
from notifications.enums import ChannelName
from notifications.models import Message
from tests.factories import LeadFactory, MembershipFactory, StaffChannelFactory, UserFactory

EMAIL, SMS, VOICE, PUSH = ChannelName.EMAIL, ChannelName.SMS, ChannelName.VOICE, ChannelName.PUSH
NUMBER = "+447700900123"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def every_channel(settings: Any) -> None:
    settings.SMS_CHANNEL = settings.VOICE_CHANNEL = settings.PUSH_CHANNEL = "file"


def test_the_address_of_the_account_is_always_there() -> None:
    user: User = UserFactory()
    assert ways_to([user]) == {user: {EMAIL: (user.email,)}}


def test_what_was_verified_counts_and_what_was_not_does_not() -> None:
    user: User = UserFactory()
    StaffChannelFactory(user=user, address=NUMBER)
    StaffChannelFactory(user=user, channel=VOICE, address=NUMBER, verified_at=None)
    assert ways_to([user])[user] == {EMAIL: (user.email,), SMS: (NUMBER,)}


def test_what_is_lost_does_not_count() -> None:
    user: User = UserFactory()
    StaffChannelFactory(user=user, lost_at=database_now(), lost_why=LossOfWay.STOPPED)
    assert set(ways_to([user])[user]) == {EMAIL}


def test_what_fails_for_a_while_still_counts() -> None:
    user: User = UserFactory()
    StaffChannelFactory(user=user, failing_since=database_now())
    assert SMS in ways_to([user])[user]


def test_a_channel_that_is_closed_does_not_count(settings: Any) -> None:
    user: User = UserFactory()
    StaffChannelFactory(user=user)
    settings.SMS_CHANNEL = "off"
    assert set(ways_to([user])[user]) == {EMAIL}


def test_a_person_may_have_several_browsers() -> None:
    user: User = UserFactory()
    at = database_now()
    for number, name in enumerate(("work", "home")):
        added_at = at + timedelta(seconds=number)
        StaffChannelFactory(user=user, channel=PUSH, address=name, added_at=added_at)
    ways = ways_to([user])[user]
    assert ways[PUSH] == ("work", "home")
    assert addresses([PUSH, EMAIL, VOICE], ways) == [(PUSH, "work"), (PUSH, "home"), (EMAIL, user.email)]


def test_everybodys_own_in_one_query() -> None:
    people = [StaffChannelFactory().user for _ in range(5)]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = ways_to(iter(people))
    assert len(queries) == 1
    assert [len(found[user][SMS]) for user in people] == [1] * 5
    assert len({found[user][SMS] for user in people}) == 5


def test_whoever_has_none_of_the_channels_is_told_by_email() -> None:
    user: User = UserFactory()
    ways = ways_to([user])[user]
    assert usable([VOICE, SMS], ways) == (EMAIL,)
    assert usable([VOICE, EMAIL], ways) == (EMAIL,)


def test_a_webhook_of_theirs_is_told_whenever_push_is(settings: Any) -> None:
    settings.WEBHOOK_CHANNEL = "file"
    user: User = StaffChannelFactory(channel=ChannelName.WEBHOOK, address="{}").user
    ways = ways_to([user])[user]
    assert usable([PUSH, SMS, EMAIL], ways) == (EMAIL, ChannelName.WEBHOOK)
    assert usable([PUSH], ways) == (ChannelName.WEBHOOK,)
    assert usable([SMS, EMAIL], ways) == (EMAIL,)


def test_a_browser_is_one_persons() -> None:
    StaffChannelFactory(channel=PUSH, address="browser")
    with pytest.raises(IntegrityError), transaction.atomic():
        StaffChannelFactory(channel=PUSH, address="browser")


def test_two_people_may_share_a_number_but_nobody_has_it_twice() -> None:
    user: User = StaffChannelFactory(address=NUMBER).user
    StaffChannelFactory(address=NUMBER)
    with pytest.raises(IntegrityError), transaction.atomic():
        StaffChannelFactory(user=user, address=NUMBER)


def test_no_number_stands_in_the_database() -> None:
    way = StaffChannelFactory(address=NUMBER)
    with connection.cursor() as cursor:
        cursor.execute("SELECT way::text FROM crm_staffchannel way WHERE id = %s", [way.pk])
        row = cursor.fetchone()[0]
    assert "7700900123" not in row
    assert NUMBER.encode().hex() not in row
    assert StaffChannel.objects.get().address == NUMBER


def spoil(way: StaffChannel) -> None:
    """Leave its address as no key of ours opens it."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE crm_staffchannel SET address = 'gone'::bytea WHERE id = %s", [way.pk])


def test_what_cannot_be_read_is_left_out_logged_and_costs_nobody_anything_else() -> None:
    spoilt, other = StaffChannelFactory(), StaffChannelFactory(address=NUMBER)
    StaffChannelFactory(user=spoilt.user, channel=VOICE, address=NUMBER)
    spoil(spoilt)
    with capture_logs() as said:
        found = ways_to([spoilt.user, other.user])
    assert found[spoilt.user] == {EMAIL: (spoilt.user.email,), VOICE: (NUMBER,)}
    assert found[other.user][SMS] == (NUMBER,)
    assert [(each["event"], each["way"]) for each in said] == [("way_unreadable", str(spoilt.pk))]


def test_an_alert_goes_out_although_a_number_cannot_be_read(site: Site) -> None:
    way = StaffChannelFactory(user=MembershipFactory(site=site).user)
    spoil(way)
    lead = LeadFactory(site=site)
    alert_staff(lead=lead, key="one", at=lead.received_at)
    assert [message.to for message in Message.objects.filter(about=lead.pk)] == [way.user.email]


def test_what_cannot_be_read_is_not_tested_and_can_be_added_again() -> None:
    way = StaffChannelFactory(address=NUMBER)
    spoil(way)
    assert ways_to_test(way.user) == [None]
    again = add_way(user=way.user, channel=SMS, address=NUMBER, name="", at=database_now())
    assert again.pk == way.pk
    assert ways_to([way.user])[way.user][SMS] == (NUMBER,)
