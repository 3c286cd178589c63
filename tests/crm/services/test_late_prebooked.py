"""Managers hear of pre-booked leads that nobody calls, before the promise is broken."""

from datetime import timedelta

import pytest

from crm.enums import EventKind, Level, PauseKind, PauseReason, Queue, Role
from crm.models import Lead, Site, User
from crm.services.late_prebooked import tell_of_uncalled_leads
from jobs.clock import database_now
from notifications.enums import MessageKind
from notifications.models import Message
from notifications.services.rendering import render_message
from tests.factories import ContactAttemptFactory, LeadFactory, MembershipFactory, SiteFactory

HOUR = timedelta(hours=1)


def prebooked(site: Site, *, due_in: timedelta, level: Level = Level.P1) -> Lead:
    """A lead that nobody has tried to call, due in so long."""
    lead = LeadFactory(site=site, queue=Queue.PREBOOKED, level=level)
    due = database_now() + due_in
    Lead.objects.filter(pk=lead.pk).update(due_at=due, respond_by=due)
    return Lead.objects.get(pk=lead.pk)


def told() -> list[str]:
    return [message.to for message in Message.objects.filter(kind=MessageKind.PREBOOKED_WAITING)]


@pytest.mark.parametrize(("level", "hours"), [(Level.P1, 4), (Level.P2, 8)])
def test_managers_are_told_once_when_the_promise_comes_near(
    site: Site, manager: User, coordinator: User, level: Level, hours: int
) -> None:
    prebooked(site, level=level, due_in=hours * HOUR + timedelta(minutes=5))
    near = prebooked(site, level=level, due_in=hours * HOUR - timedelta(minutes=5))
    assert [tell_of_uncalled_leads(at=database_now()) for _ in range(2)] == [1, 0]
    assert told() == [manager.email]
    assert list(near.events.values_list("kind", flat=True))[1:] == [EventKind.NOT_CALLED, EventKind.ALERTED]


def test_all_of_a_site_are_one_message_that_leads_to_the_queue(site: Site, manager: User) -> None:
    for minutes in range(3):
        prebooked(site, due_in=HOUR + timedelta(minutes=minutes))
    elsewhere = SiteFactory(slug="elsewhere")
    theirs = MembershipFactory(site=elsewhere, role=Role.MANAGER).user
    prebooked(elsewhere, due_in=HOUR)
    assert tell_of_uncalled_leads(at=database_now()) == 4
    assert sorted(told()) == sorted([manager.email, theirs.email])
    ours = next(message for message in Message.objects.all() if message.to == manager.email)
    rendered = render_message(ours)
    assert "and 2 more yet" in rendered.subject
    assert "/desk/queues/prebooked/" in rendered.text


def test_nobody_hears_of_what_is_cared_for(site: Site, manager: User, coordinator: User) -> None:
    at = database_now()
    ContactAttemptFactory(lead=prebooked(site, due_in=HOUR), by=coordinator)
    held = {"owner": coordinator, "claimed_at": at, "lease_until": at + HOUR}
    aside = {"pause": PauseKind.SNOOZE, "pause_reason": PauseReason.ASKED_LATER, "paused_at": at - HOUR}
    for change in (held, aside | {"paused_until": at + HOUR}):
        Lead.objects.filter(pk=prebooked(site, due_in=HOUR).pk).update(**change)
    LeadFactory(site=site, queue=Queue.PREBOOKED, level=Level.P1, closed=True)
    LeadFactory(site=site, level=Level.U1)
    assert tell_of_uncalled_leads(at=at) == 0
    assert told() == []
