"""What waits too long, unplaced or in review, is noted and alerted once."""

from datetime import timedelta
from typing import Any

from crm.enums import EventKind
from crm.models import LeadEvent, Site, User
from crm.services.unattended import UNPLACED, UNREVIEWED, flag_unattended_leads
from crm.targets import REVIEW_WITHIN
from jobs.clock import database_now
from jobs.kinds import kind_named
from notifications.models import Message
from notifications.services.rendering import render_message
from tests.factories import LeadFactory


def test_a_lead_unplaced_for_a_minute_is_flagged_and_alerted_once(site: Site, coordinator: User) -> None:
    at = database_now()
    lead = LeadFactory(site=site, unrouted=True, received_at=at - timedelta(seconds=61))
    assert [flag_unattended_leads(wait=UNPLACED, at=at), flag_unattended_leads(wait=UNPLACED, at=at)] == [
        1,
        0,
    ]
    assert lead.events.filter(kind=EventKind.NOT_PLACED_IN_TIME).count() == 1
    assert Message.objects.filter(about=lead.pk).count() == 1


def test_what_is_young_placed_over_or_in_review_is_left_alone(site: Site, coordinator: User) -> None:
    at = database_now()
    LeadFactory(site=site, unrouted=True, received_at=at - timedelta(seconds=59))
    LeadFactory(site=site)
    LeadFactory(site=site, unrouted=True, closed=True)
    LeadFactory(site=site, review=True)
    assert flag_unattended_leads(wait=UNPLACED, at=at) == 0


def test_a_quarter_of_an_hour_in_review_is_flagged_and_alerted_once(site: Site, coordinator: User) -> None:
    at = database_now()
    lead = LeadFactory(site=site, review=True, received_at=at - timedelta(minutes=16))
    LeadFactory(site=site, review=True, received_at=at - timedelta(minutes=13))
    flagged = [flag_unattended_leads(wait=UNREVIEWED, at=at) for _ in range(2)]
    assert flagged == [1, 0]
    assert lead.events.filter(kind=EventKind.REVIEW_WAITING).count() == 1
    assert [message.to for message in Message.objects.filter(about=lead.pk)] == [coordinator.email]


def test_nothing_is_in_review_for_a_quarter_of_an_hour_without_an_alert(
    site: Site, coordinator: User
) -> None:
    """The sweep runs every ten seconds: whatever the moment, the alert is queued before that."""
    kind, at = kind_named("crm.tasks.flag_unreviewed"), database_now()
    longest_gap = timedelta(seconds=kind.every or 0)
    lead = LeadFactory(site=site, review=True, received_at=at - UNREVIEWED.longest)
    assert flag_unattended_leads(wait=UNREVIEWED, at=at) == 0  # one moment before it is due
    assert flag_unattended_leads(wait=UNREVIEWED, at=at + longest_gap) == 1
    alerted = lead.events.get(kind=EventKind.ALERTED).occurred_at
    assert alerted - lead.received_at < REVIEW_WITHIN - timedelta(seconds=30)


def test_a_flood_in_review_is_one_alert_for_each_site(
    site: Site, coordinator: User, outsider: User, django_assert_max_num_queries: Any
) -> None:
    at = database_now()
    old = at - timedelta(minutes=16)
    leads = [LeadFactory(site=site, review=True, received_at=old + timedelta(seconds=n)) for n in range(30)]
    other = LeadFactory(site=outsider.memberships.get().site, review=True, received_at=old)
    with django_assert_max_num_queries(20):
        assert flag_unattended_leads(wait=UNREVIEWED, at=at) == 31
    assert LeadEvent.objects.filter(kind=EventKind.ALERTED).count() == 31
    message = Message.objects.get(about=leads[0].pk)
    assert message.to == coordinator.email
    assert message.context["others"] == "29"
    assert message.context["link"].endswith("/desk/queues/review/")
    assert Message.objects.get(about=other.pk).to == outsider.email
    assert Message.objects.count() == 2


def test_the_next_flood_is_another_alert(site: Site, coordinator: User) -> None:
    at = database_now()
    for _ in range(2):
        LeadFactory.create_batch(2, site=site, review=True, received_at=at - timedelta(minutes=16))
        flag_unattended_leads(wait=UNREVIEWED, at=at)
    assert Message.objects.count() == 2


def test_the_alert_of_many_says_how_many(site: Site, coordinator: User) -> None:
    at = database_now()
    LeadFactory.create_batch(3, site=site, review=True, received_at=at - timedelta(minutes=16))
    flag_unattended_leads(wait=UNREVIEWED, at=at)
    mail = render_message(Message.objects.get())
    assert mail.subject.endswith(" and 2 more")
    assert "/desk/queues/review/" in mail.text
