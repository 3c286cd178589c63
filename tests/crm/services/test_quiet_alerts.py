"""What can wait four hours keeps to quiet ways, also when one fails: only whoever is on shift is rung."""

from typing import Any

import pytest

from crm.enums import Level
from crm.models import Lead, Site, User
from crm.services.escalating import run_step
from jobs.clock import database_now
from notifications.enums import ChannelName, MessageKind
from notifications.models import Escalation, Message
from tests.crm.services.test_escalating import SECOND, begin, member, on_shift
from tests.factories import StaffChannelFactory


@pytest.fixture
def people(site: Site) -> dict[str, User]:
    """One at the desk, one on call, one who only gets alerts."""
    people = {name: member(site, name, gets_alerts=name != "first") for name in ("desk", "first", "listed")}
    on_shift(people["desk"], site)
    on_shift(people["first"], site, on_call=1)
    return people


def ways_left(lead: Lead) -> dict[str, set[str]]:
    """By what each person would be told of the lead if what they were told by failed."""
    left: dict[str, set[str]] = {}
    for message in Message.objects.filter(about=lead.pk, channel=ChannelName.EMAIL):
        mine = left.setdefault(message.to.partition("@")[0], set())
        mine.update(way["channel"] for way in message.ways or ())
    return left


@pytest.mark.parametrize("level", [Level.U2, Level.U3])
def test_what_can_wait_wakes_nobody_when_a_quiet_way_fails_but_reaches_whoever_is_on_shift(
    site: Site, people: dict[str, User], settings: Any, level: Level
) -> None:
    settings.SMS_CHANNEL = settings.VOICE_CHANNEL = settings.PUSH_CHANNEL = "file"
    settings.WEBHOOK_CHANNEL = "file"
    for person in people.values():
        for channel in (ChannelName.SMS, ChannelName.VOICE, ChannelName.WEBHOOK):
            StaffChannelFactory(user=person, channel=channel)
    at = database_now()
    lead = begin(site, at, level)
    run_step(escalation=Escalation.objects.get(about=lead.pk).pk, at=at + 30 * 60 * SECOND)
    left = ways_left(lead)
    assert left["desk"] >= {"VOICE"}, "who is at work may be rung"
    assert bool(left["listed"] & {"SMS", "VOICE"}) == (level == Level.U2)
    assert level == Level.U2 or left["first"] == left["listed"] == set()


def test_a_summary_of_what_can_wait_is_as_quiet(site: Site, people: dict[str, User], settings: Any) -> None:
    settings.SMS_CHANNEL = "file"
    StaffChannelFactory(user=people["listed"], channel=ChannelName.SMS)
    at = database_now()
    for _ in range(2):
        begin(site, at, Level.U3)
    Message.objects.all().delete()
    run_step(escalation=Escalation.objects.earliest("pk").pk, at=at + 40 * 60 * SECOND)
    assert {message.kind for message in Message.objects.all()} == {MessageKind.ALERT_SUMMARY}
    assert not any(message.ways for message in Message.objects.all())
