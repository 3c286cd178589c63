"""What waits too long, unplaced or in review, is noted and alerted once."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from crm.enums import EventKind
from crm.models import Lead, LeadEvent, Site, User
from crm.services.escalating import run_step
from crm.services.unattended import UNPLACED, UNREVIEWED, flag_unattended_leads
from crm.targets import REVIEW_WITHIN
from jobs.clock import database_now
from jobs.kinds import kind_named
from notifications.catalogue import MessageKind
from notifications.models import Escalation, Message
from notifications.services.rendering import render_message
from tests.factories import LeadFactory

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def unplaced(site: Site, count: int, at: datetime, **more: Any) -> list[Lead]:
    return LeadFactory.create_batch(
        count, site=site, unrouted=True, received_at=at - timedelta(seconds=61), **more
    )


def test_a_lead_unplaced_for_a_minute_is_flagged_and_alerted_once(site: Site, coordinator: User) -> None:
    at = database_now()
    lead = LeadFactory(site=site, unrouted=True, received_at=at - timedelta(seconds=61))
    assert [flag_unattended_leads(wait=UNPLACED, at=at), flag_unattended_leads(wait=UNPLACED, at=at)] == [
        1,
        0,
    ]
    assert lead.events.filter(kind=EventKind.NOT_PLACED_IN_TIME).count() == 1
    assert Message.objects.filter(about=lead.pk).count() == 1


def test_of_thousands_that_can_wait_each_site_hears_of_a_handful(
    site: Site, coordinator: User, outsider: User
) -> None:
    at, elsewhere = database_now(), outsider.memberships.get().site
    for where in (site, elsewhere):
        unplaced(where, UNPLACED.most_at_once + 30, at, can_wait=True)
    assert sum(flag_unattended_leads(wait=UNPLACED, at=at + n * 10 * SECOND) for n in range(5)) == 40
    for where in (site, elsewhere):
        told = LeadEvent.objects.filter(kind=EventKind.NOT_PLACED_IN_TIME, lead__site=where)
        assert told.count() == UNPLACED.many
    for gathered in Escalation.objects.filter(together=True):
        run_step(escalation=gathered.pk, at=at + MINUTE)
    got = Counter(Message.objects.values_list("to", flat=True))
    assert got == {coordinator.email: 2, outsider.email: 2}  # the first by its name, then one for the others


def test_what_may_be_urgent_is_alerted_whatever_waits_before_it(site: Site, coordinator: User) -> None:
    at = database_now()
    unplaced(site, 230, at, can_wait=True)
    flag_unattended_leads(wait=UNPLACED, at=at)
    pressing = unplaced(site, 25, at + 30 * SECOND, can_wait=False)
    assert flag_unattended_leads(wait=UNPLACED, at=at + 40 * SECOND) == 25
    told = Message.objects.filter(kind=MessageKind.LEAD_NOT_ROUTED, about__in=[lead.pk for lead in pressing])
    assert told.values("about").distinct().count() == 25  # each by its name


def test_if_nothing_ever_places_them_staff_hear_of_the_next_handful(site: Site, coordinator: User) -> None:
    at = database_now()
    unplaced(site, 45, at, can_wait=True)
    told = [flag_unattended_leads(wait=UNPLACED, at=at + minutes * MINUTE) for minutes in (0, 9, 10, 20, 30)]
    assert told == [20, 0, 20, 5, 0]


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
